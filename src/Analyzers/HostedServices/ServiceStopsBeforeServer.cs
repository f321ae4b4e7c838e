using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT211: hosted services that stop while the server still answers requests.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ServiceStopsBeforeServer() : ShutdownAnalyzer(Gate.Executable | Gate.Hosting | Gate.WebHosting, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Info(
        RuleIds.ServiceStopsBeforeServer,
        Category.HostedServices,
        "Hosted services stop before the web server",
        "{0}: requests that are still being answered find it gone",
        "A host stops its services in the reverse order of their registration, and the server is one of them. What is registered after it, or stopped at the same time, is gone while requests are still in flight.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host)
    {
        // Looked for once, reported file by file.
        var registrations = new Lazy<List<LateRegistration>>(() => [.. host.Builds.All.SelectMany(build => HostedServiceRegistrations.AfterServer(host, build))]);
        context.RegisterSemanticModelAction(file =>
        {
            var tree = file.SemanticModel.SyntaxTree;
            foreach (var late in registrations.Value)
            {
                if (late.Call.Syntax.SyntaxTree == tree)
                {
                    file.ReportDiagnostic(Diagnostic.Create(
                        Descriptor,
                        NameOf(late.Call),
                        late.IsAlone ? [late.Configuration.Syntax.GetLocation(), late.Server.Syntax.GetLocation()] : [],
                        $"'{late.Service}' is registered after the web server and stops before it"));
                }
            }

            foreach (var use in host.Index.Uses(IndexedNames.ServicesStopConcurrently))
            {
                if (use.SyntaxTree == tree && OptionSettings.At(host, use, KnownType.HostOptions) is { Value.ConstantValue: { HasValue: true, Value: true } } && host.Builds.All.Any(build => build.IsWeb))
                    file.ReportDiagnostic(Diagnostic.Create(Descriptor, use.GetLocation(), "With 'ServicesStopConcurrently' every hosted service stops at the same time as the web server"));
            }
        });
    }

    // The service's type argument is in the message.
    private static Location NameOf(IInvocationOperation call) =>
        call.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: GenericNameSyntax { Identifier: var name } } } ? name.GetLocation() : Squiggle.Of(call);
}
