using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT112: a host lifetime that is registered after the drain sequence. It wins, and the drain never begins at the signal.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LifetimeRegisteredAfterDrain() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.LifetimeRegisteredAfterDrain,
        Category.Lifetime,
        "A host lifetime is registered after the drain sequence",
        "'{0}' registers a host lifetime after '{1}': the later one wins, and the signal stops the host without the drain",
        "The drain sequence wraps the lifetime that is registered when it is added. The container hands out the last registration, so a lifetime that comes later takes the drain's place.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var late in host.LifetimeCalls.AfterDrain)
            {
                if (late.Lifetime.Syntax.SyntaxTree != file.SemanticModel.SyntaxTree)
                    continue;

                // The fix moves the drain after the last of them.
                var last = host.LifetimeCalls.AfterDrain.Last(other => other.Drain.Syntax == late.Drain.Syntax);
                file.ReportDiagnostic(Diagnostic.Create(
                    Descriptor,
                    Squiggle.Of(late.Lifetime),
                    [late.Drain.Syntax.GetLocation(), last.Lifetime.Syntax.GetLocation()],
                    late.Lifetime.TargetMethod.Name,
                    late.Drain.TargetMethod.Name));
            }
        });
}
