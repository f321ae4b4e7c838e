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

    /// <summary>The property that holds how the resource is written at the place, with what stands before the call: <c>_consumer?.</c></summary>
    public const string Receiver = "receiver";

    /// <summary>The properties and the place for a last call on <paramref name="variable"/>; no place where none is safe.</summary>
    public static (ImmutableDictionary<string, string?> Facts, SyntaxNode? Place) For(HostFacts host, ISymbol variable, ImmutableDictionary<string, string?> facts)
    {
        if (Disposal(host, variable) is var (statement, receiver))
            return (facts.Add(Form, BeforeDisposal).Add(Receiver, receiver), statement);

        if (CleanupPlace.For(host, variable) is { } cleanup)
            return (cleanup.AddTo(facts).Add(Form, InCleanup), cleanup.After);

        if (variable is ILocalSymbol { DeclaringSyntaxReferences: [var reference] } && Declaration(reference.GetSyntax()) is { } declaration)
            return (facts.Add(Form, InFinally).Add(Receiver, variable.Name + "."), declaration);

        return (facts, null);
    }

    /// <summary>The one statement that is nothing but the resource's disposal.</summary>
    private static (StatementSyntax Statement, string Receiver)? Disposal(HostFacts host, ISymbol variable)
    {
        (StatementSyntax, string)? found = null;
        foreach (var reference in host.Ownership.ReferencesTo(variable))
        {
            var (call, dot) = reference.Parent is IConditionalAccessOperation access && access.Operation == reference
                ? (access.WhenNotNull as IInvocationOperation, "?.")
                : (Values.CallOn(reference), ".");
            if (call is not { TargetMethod.Name: "Dispose" or "DisposeAsync" }
                || call.Syntax.FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax } statement)
            {
                continue;
            }

            // Two disposals: on which way the program goes can't be told.
            if (found is not null)
                return null;

            found = (statement, reference.Syntax + dot);
        }

        return found;
    }

    private static StatementSyntax? Declaration(SyntaxNode declarator)
    {
        if (declarator is not VariableDeclaratorSyntax { Initializer: not null, Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: StatementSyntax statement } })
            return null;

        return statement switch
        {
            UsingStatementSyntax { Statement: BlockSyntax { Statements.Count: > 0 } block } when !HasDirectives(block) => statement,
            LocalDeclarationStatementSyntax when HasBlockBelow(statement) => statement,
            _ => null,
        };
    }

    /// <summary>Whether what follows a statement can move into a block: nothing that is named there is used by a local function.</summary>
    private static bool HasBlockBelow(StatementSyntax declaration)
    {
        var below = declaration.Parent switch
        {
            GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } global => unit.Members.OfType<GlobalStatementSyntax>().SkipWhile(one => one != global).Skip(1).Select(one => one.Statement).ToList(),
            BlockSyntax block => block.Statements.SkipWhile(one => one != declaration).Skip(1).ToList(),
            _ => [],
        };
        return below.Exists(statement => statement is not LocalFunctionStatementSyntax)
            && !below.Exists(statement => statement is LocalFunctionStatementSyntax or LabeledStatementSyntax || HasDirectives(statement));
    }

    private static bool HasDirectives(SyntaxNode node) => node.ContainsDirectives && node.DescendantTrivia().Any(trivia => trivia.IsDirective && !trivia.IsKind(SyntaxKind.PragmaWarningDirectiveTrivia));
}
