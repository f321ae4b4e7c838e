using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Resources;

/// <summary>
/// SHUT302: a pool that the program opens and that nothing in it closes. The process ends with its connections open, its server finds out
/// by a timeout, and what the client has buffered is lost.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PoolNeverClosed() : ShutdownAnalyzer(Gate.Resources, Descriptor)
{
    /// <summary>How the fix can help: one of the <c>Fix...</c> values; absent where it can't.</summary>
    internal const string Fix = "fix";

    internal const string FixUsing = "using";

    internal const string FixAwaitUsing = "await using";

    /// <summary>A cleanup handler, at a <see cref="CleanupPlace"/>.</summary>
    internal const string FixCleanup = "cleanup";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.PoolNeverClosed,
        Category.Resources,
        "A pool is never closed",
        "Nothing closes '{0}': its connections are still open when the process ends, and what it has buffered is lost",
        "A pool that nothing disposes keeps its connections until the process is gone. The server holds them until a timeout, and a client that buffers loses what it has not sent.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host)
    {
        if (host.IsExecutable)
            context.RegisterSemanticModelAction(file => AnalyzeLocals(file, host));

        context.RegisterSymbolAction(symbol => AnalyzeMember(symbol, host), SymbolKind.Field, SymbolKind.Property);
    }

    /// <summary>Those of the entry point: what another method opens may be handed on.</summary>
    private static void AnalyzeLocals(SemanticModelAnalysisContext context, HostFacts host)
    {
        if (host.EntryPoint is not { DeclaringSyntaxReferences: [var declaration, ..] } entryPoint || declaration.SyntaxTree != context.SemanticModel.SyntaxTree)
            return;

        foreach (var operation in OperationWalk.Own(Function.Of(host, entryPoint)?.Body))
        {
            if (operation is not IVariableDeclaratorOperation { Symbol: var local, Syntax: VariableDeclaratorSyntax syntax } declarator
                || !SymbolEqualityComparer.Default.Equals(local.ContainingSymbol, entryPoint)
                || IsAlias(declarator)
                || NeverClosed(host, local, local.Type, syntax.SyntaxTree) is not { } resource)
            {
                continue;
            }

            var facts = Release.Facts(host.Resources, local.Type, resource);
            if (UsingFor(host, local, syntax, entryPoint) is { } form)
                facts = facts.Add(Fix, form);
            Report(context.ReportDiagnostic, syntax.Identifier.GetLocation(), local, facts, []);
        }
    }

    private static bool IsAlias(IVariableDeclaratorOperation declarator) =>
        declarator.GetVariableInitializer() is { Value: var value } && Values.SymbolOf(value) is not null;

    private static void AnalyzeMember(SymbolAnalysisContext context, HostFacts host)
    {
        var member = context.Symbol;
        if (member.IsImplicitlyDeclared || (member.IsStatic && !host.IsExecutable) || member.DeclaringSyntaxReferences is not [var reference])
            return;

        var type = member switch
        {
            IFieldSymbol { IsConst: false } field => field.Type,
            IPropertySymbol { IsIndexer: false } property => property.Type,
            _ => null,
        };
        if (type is null || NeverClosed(host, member, type, reference.SyntaxTree) is not { } resource)
            return;

        var location = reference.GetSyntax(context.CancellationToken) switch
        {
            VariableDeclaratorSyntax declarator => declarator.Identifier.GetLocation(),
            PropertyDeclarationSyntax declaration => declaration.Identifier.GetLocation(),
            var other => other.GetLocation(),
        };
        var facts = Release.Facts(host.Resources, type, resource);
        var place = SymbolEqualityComparer.Default.Equals(type, ResourceTypes.Unwrap(type)) ? CleanupPlace.For(host, member) : null;
        if (place is not null)
            facts = place.AddTo(facts.Add(Fix, FixCleanup));

        Report(context.ReportDiagnostic, location, member, facts, place is null ? [] : [place.After.GetLocation()]);
    }

    private static void Report(Action<Diagnostic> report, Location location, ISymbol symbol, ImmutableDictionary<string, string?> facts, IEnumerable<Location> more) =>
        report(Diagnostic.Create(Descriptor, location, more, facts, symbol.Name));

    // A producer that loses messages is SHUT303's.
    private static ResourceType? NeverClosed(HostFacts host, ISymbol variable, ITypeSymbol type, SyntaxTree tree)
    {
        if (host.Resources.Find(type, tree) is not { Kind: ResourceKind.Pool or ResourceKind.Producer } resource
            || (variable is IPropertySymbol property && (property.GetMethod is null || !Values.IsStored(property)))
            || host.Ownership.CreationOf(variable, variable is ILocalSymbol || variable.IsStatic ? null : variable.ContainingType) is not { } creation
            || IsClosedWithParent(host, creation, resource)
            || host.Ownership.IsReleased(variable, Ending.Closed(resource))
            || (resource.Kind == ResourceKind.Producer && Producers.FirstLeftWith(host, variable) is not null))
        {
            return null;
        }

        var movesOn = false;
        foreach (var reference in host.Ownership.ReferencesTo(variable))
        {
            // SHUT301's, whatever it says of it; or kept in a field, which is judged in its place.
            if (InstanceRegistration.Around(reference) is not null || (variable is ILocalSymbol && IsKept(host, reference, tree)))
                movesOn = true;
        }

        return movesOn ? null : resource;
    }

    private static bool IsKept(HostFacts host, IOperation reference, SyntaxTree tree) =>
        Values.WalkUp(reference) is { Parent: IAssignmentOperation assignment } value
        && assignment.Value == value
        && Values.SymbolOf(assignment.Target) is { ContainingType: { } owner } target and not ILocalSymbol
        && (target.IsStatic || host.Ownership.StandsIn(reference, owner))
        && host.Resources.Find((target as IFieldSymbol)?.Type ?? (target as IPropertySymbol)?.Type, tree) is not null;

    /// <summary>A channel goes with its connection; where the program makes that too, the connection is the one to close.</summary>
    private static bool IsClosedWithParent(HostFacts host, IOperation creation, ResourceType resource) =>
        resource.IsChild
        && creation is IInvocationOperation call
        && Values.SymbolOf(Values.Receiver(call)) is { } parent
        && host.Ownership.CreationOf(parent) is not null;

    /// <summary>A using of the entry point's own scope ends with the program; one of an inner block could end before the host does.</summary>
    private static string? UsingFor(HostFacts host, ILocalSymbol local, VariableDeclaratorSyntax declarator, IMethodSymbol entryPoint)
    {
        if (declarator is not
            {
                Initializer: not null,
                Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } statement },
            }
            || statement.Parent is not (GlobalStatementSyntax or BlockSyntax { Parent: MethodDeclarationSyntax }))
        {
            return null;
        }

        foreach (var reference in host.Ownership.ReferencesTo(local))
        {
            if (reference.Parent is IAssignmentOperation assignment && assignment.Target == reference
                || reference.Parent is IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out })
            {
                return null;
            }
        }

        var isAsync = entryPoint.IsAsync || statement.Parent is GlobalStatementSyntax;
        return isAsync && host.Types.Inherits(local.Type, KnownType.IAsyncDisposable) ? FixAwaitUsing
            : host.Types.Inherits(local.Type, KnownType.IDisposable) ? FixUsing
            : null;
    }
}
