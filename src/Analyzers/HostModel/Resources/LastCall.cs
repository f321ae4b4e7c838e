using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// Where the last call on a resource can stand, before it is let go. It travels to the fix in a diagnostic's properties and its first
/// additional location.
/// </summary>
internal static class LastCall
{
    /// <summary>The property that says what the place is: one of the values below.</summary>
    public const string Form = "last call";

    /// <summary>The place is the statement that disposes of the resource.</summary>
    public const string BeforeDisposal = "before disposal";

    /// <summary>The place is the statement that declares the local: what follows it is run under a <c>finally</c>.</summary>
    public const string InFinally = "finally";

    /// <summary>The place is a <see cref="CleanupPlace"/>.</summary>
    public const string InCleanup = "cleanup";

    /// <summary>The place is the call that registers the resource as a service: a cleanup handler beside it asks for that.</summary>
    public const string InService = "service";

    /// <summary>The property that holds how the resource is written at the place, with what stands before the call: <c>_consumer?.</c></summary>
    public const string Receiver = "receiver";

    /// <summary>The properties and the place for a last call on <paramref name="variable"/>; no place where none is safe.</summary>
    public static (ImmutableDictionary<string, string?> Facts, SyntaxNode? Place) For(HostFacts host, ISymbol variable, ImmutableDictionary<string, string?> facts)
    {
        SyntaxNode? place = null;
        string? receiver = null;
        foreach (var reference in host.Ownership.ReferencesTo(variable))
        {
            if (Values.ConditionalCallOn(reference) is not { TargetMethod.Name: "Dispose" or "DisposeAsync" } disposal)
                continue;

            // On which way the program goes can't be told of two; and after the disposal is too late.
            if (place is not null || PlaceOf(disposal.Syntax) is not { } found)
                return (facts, null);

            place = found;
            receiver = reference.Syntax + (reference.Parent is IConditionalAccessOperation ? "?." : ".");
        }

        if (place is not null)
            return (facts.Add(Form, BeforeDisposal).Add(Receiver, receiver), place);

        if (CleanupPlace.For(host, variable) is { } cleanup)
            return (cleanup.AddTo(facts).Add(Form, InCleanup), cleanup.After);

        if (variable is ILocalSymbol { DeclaringSyntaxReferences: [var declared] } && Declaration(declared.GetSyntax()) is { } declaration)
            return (facts.Add(Form, InFinally).Add(Receiver, variable.Name + "."), declaration);

        return (facts, null);
    }

    /// <summary>The same for a resource that the container makes; a handler beside its one registration.</summary>
    public static (ImmutableDictionary<string, string?> Facts, SyntaxNode? Place) ForService(HostFacts host, ITypeSymbol service, ImmutableDictionary<string, string?> facts)
    {
        ServiceRegistration? only = null;
        foreach (var registration in host.Services.Of(service))
        {
            if (only is not null || !registration.IsSingleton || SourceIndex.NameOf(registration.Call).Contains("Keyed"))
                return (facts, null);
            only = registration;
        }

        return only is not null && host.Drain.IsRegistered && host.Services.IsContainers(only) ? (facts.Add(Form, InService), only.Call) : (facts, null);
    }

    /// <summary>The statement, or the method's arrow, that is nothing but a disposal.</summary>
    private static SyntaxNode? PlaceOf(SyntaxNode disposal)
    {
        var whole = disposal;
        while (whole.Parent is AwaitExpressionSyntax or ParenthesizedExpressionSyntax or ConditionalAccessExpressionSyntax or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" }
            || (whole is MemberAccessExpressionSyntax && whole.Parent is InvocationExpressionSyntax))
        {
            whole = whole.Parent;
        }

        return whole.Parent switch
        {
            ExpressionStatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax } statement => statement,
            ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax { ReturnType: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } } } arrow => arrow,
            _ => null,
        };
    }

    private static StatementSyntax? Declaration(SyntaxNode declarator)
    {
        if (declarator is not VariableDeclaratorSyntax { Initializer: not null, Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: StatementSyntax statement } })
            return null;

        return statement switch
        {
            UsingStatementSyntax { Statement: BlockSyntax { Statements.Count: > 0 } block } when !HasDirectives(block) => statement,
            LocalDeclarationStatementSyntax when CanRunUnderFinally(statement) => statement,
            _ => null,
        };
    }

    /// <summary>Whether what follows a statement can move into a block. Local functions at its end stay where they are, if nothing that they use moves.</summary>
    public static bool CanRunUnderFinally(StatementSyntax statement)
    {
        var below = Below(statement);
        var moved = below.Take(CountToMove(below)).ToList();
        if (moved.Count == 0 || moved.Exists(one => one is LocalFunctionStatementSyntax or LabeledStatementSyntax || HasDirectives(one)))
            return false;

        var declared = new HashSet<string>(moved.SelectMany(DeclaredBy), StringComparer.Ordinal);
        return !below.Skip(moved.Count).Any(function => function.DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && declared.Contains(token.ValueText)));
    }

    /// <summary>How many of the statements below a declaration go under the <c>finally</c>: all but the local functions at the end.</summary>
    public static int CountToMove(IReadOnlyList<StatementSyntax> below)
    {
        var count = below.Count;
        while (count > 0 && below[count - 1] is LocalFunctionStatementSyntax)
            count--;
        return count;
    }

    private static List<StatementSyntax> Below(StatementSyntax statement) => statement.Parent switch
    {
        GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } global => unit.Members.OfType<GlobalStatementSyntax>().SkipWhile(one => one != global).Skip(1).Select(one => one.Statement).ToList(),
        BlockSyntax block => block.Statements.SkipWhile(one => one != statement).Skip(1).ToList(),
        _ => [],
    };

    private static IEnumerable<string> DeclaredBy(StatementSyntax statement)
    {
        foreach (var node in statement.DescendantNodes())
        {
            switch (node)
            {
                case VariableDeclaratorSyntax { Identifier.ValueText: var name }:
                    yield return name;
                    break;
                case SingleVariableDesignationSyntax { Identifier.ValueText: var name }:
                    yield return name;
                    break;
            }
        }
    }

    private static bool HasDirectives(SyntaxNode node) => node.ContainsDirectives && node.DescendantTrivia().Any(trivia => trivia.IsDirective && !trivia.IsKind(SyntaxKind.PragmaWarningDirectiveTrivia));
}
