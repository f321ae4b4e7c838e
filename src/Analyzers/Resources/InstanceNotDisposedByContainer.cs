using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Resources;

/// <summary>
/// SHUT301: the container disposes what it created. A pool that is registered as a finished instance stays open until the process is gone,
/// and its server keeps the connections until they time out.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InstanceNotDisposedByContainer() : ShutdownAnalyzer(Gate.Executable | Gate.Container, Descriptor)
{
    /// <summary>How the fix can help: one of the <c>Fix...</c> values; absent where it can't.</summary>
    internal const string Fix = "fix";

    /// <summary>The creation moves into a factory; where it stands in a local, the first additional location is that local's statement.</summary>
    internal const string FixFactory = "factory";

    /// <summary>The instance is needed before the container is: a cleanup handler beside the registration.</summary>
    internal const string FixCleanup = "cleanup";

    /// <summary>Whether it is registered under a key, where a cleanup handler can't ask for it.</summary>
    internal const string Keyed = "keyed";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.InstanceNotDisposedByContainer,
        Category.Resources,
        "A pool is registered as an instance, which the container never disposes",
        "'{0}' is registered as an instance, which the container never disposes: its connections are still open when the process ends",
        "The container disposes what it created itself. A pool that is created outside of it and registered as an instance is never closed, and what it has buffered is lost.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        RegisterUses(context, InstanceRegistration.Names, (file, use) =>
        {
            if (InstanceRegistration.By(use) is { } syntax && host.Index.Operation(syntax) is { } call && InstanceRegistration.Of(call) is { } registration)
                Analyze(file, host, registration);
        });

    private static void Analyze(SemanticModelAnalysisContext context, HostFacts host, InstanceRegistration registration)
    {

        var instance = registration.Instance;
        if (host.Resources.Find(instance.Type, instance.Syntax.SyntaxTree) is not { Kind: ResourceKind.Pool or ResourceKind.Producer } resource)
            return;

        // ConnectAsync().Result is what the call makes, and no variable.
        var symbol = Values.SymbolOf(instance) is { DeclaringSyntaxReferences.IsEmpty: false } variable ? variable : null;
        var creation = symbol is null ? host.Ownership.CreationIn(instance) : host.Ownership.CreationOf(symbol);
        if (creation is null)
            return;

        if (symbol is not null && (host.Ownership.IsReleased(symbol, Ending.Closed(resource)) || IsRegisteredBefore(host, registration, symbol)))
            return;

        if (host.Ownership.IsServiceReleased(registration.Service ?? instance.Type!, instance.Type, Ending.Closed(resource)))
            return;

        var facts = Release.Facts(host.Resources, registration.Service ?? instance.Type!, resource);
        if (registration.IsKeyed)
            facts = facts.Add(Keyed, "true");

        var (fix, declaration) = FixFor(host, registration, symbol);
        context.ReportDiagnostic(Diagnostic.Create(
            Descriptor,
            registration.Argument.Value.Syntax.GetLocation(),
            declaration is null ? [] : [declaration.GetLocation()],
            facts.Add(Fix, fix),
            symbol?.Name ?? instance.Type!.Name));
    }

    /// <summary>One instance under two service types is one defect.</summary>
    private static bool IsRegisteredBefore(HostFacts host, InstanceRegistration registration, ISymbol symbol)
    {
        foreach (var reference in host.Ownership.ReferencesTo(symbol))
        {
            if (reference.Syntax.SyntaxTree == registration.Call.Syntax.SyntaxTree
                && reference.Syntax.SpanStart < registration.Argument.Syntax.SpanStart
                && InstanceRegistration.Around(reference) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static (string? Fix, SyntaxNode? Declaration) FixFor(HostFacts host, InstanceRegistration registration, ISymbol? symbol)
    {
        if (symbol is null)
            return Deferral.IsPossible(host, registration.Argument.Value) ? (FixFactory, null) : (null, null);

        if (symbol is ILocalSymbol { DeclaringSyntaxReferences: [var reference] } local
            && reference.GetSyntax() is VariableDeclaratorSyntax
            {
                Initializer.Value: var initial,
                Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } statement },
            }
            && IsUsedOnce(host, local)
            && host.Index.Operation(initial) is { } creation
            && Deferral.IsPossible(host, creation))
        {
            return (FixFactory, statement);
        }

        return (FixCleanup, null);
    }

    private static bool IsUsedOnce(HostFacts host, ILocalSymbol local)
    {
        var count = 0;
        foreach (var _ in host.Ownership.ReferencesTo(local))
            count++;
        return count == 1;
    }
}
