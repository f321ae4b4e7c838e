using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace ShutdownAnalyzers.Editing;

/// <summary>
/// Puts a wait of a service's stop into a try that keeps the cancellation in. A failure of the work still comes out, which
/// <c>ConfigureAwaitOptions.SuppressThrowing</c> would hide.
/// </summary>
internal static class GuardedWait
{
    private const string Comment = "// The host's time is over.";

    /// <summary>What would stand in the try for a wait: its statement, or the outermost loop around it, since a loop would spin; null where that can't be.</summary>
    public static StatementSyntax? Target(ExpressionSyntax wait, SemanticModel model)
    {
        StatementSyntax? target = null;
        for (SyntaxNode child = wait, node = wait.Parent!; node is not (null or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax); child = node, node = node.Parent!)
        {
            switch (node)
            {
                case ExpressionStatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax or StatementSyntax } statement when target is null:
                    target = statement;
                    break;
                case WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax:
                    target = (StatementSyntax)node;
                    break;
            }
        }

        return target is not null && MayBeLeft(target, model) ? target : null;
    }

    /// <summary>Whether the code after <paramref name="statement"/> still compiles and makes sense when the statement is left in its midst: it needs nothing that the statement sets.</summary>
    public static bool MayBeLeft(StatementSyntax statement, SemanticModel model)
    {
        if (!Functions.CanEnd(statement, model) && !IsFollowed(statement))
            return false;

        var flow = model.AnalyzeDataFlow(statement);
        if (flow is not { Succeeded: true })
            return false;

        foreach (var variable in flow.WrittenInside)
        {
            if (flow.ReadOutside.Contains(variable) && !flow.DefinitelyAssignedOnEntry.Contains(variable))
                return false;
        }

        return true;
    }

    public static TryStatementSyntax Around(StatementSyntax statement)
    {
        var line = Statements.EndOfLine(statement).ToString();
        var attempt = (TryStatementSyntax)SyntaxFactory.ParseStatement($"try{line}{{{line}}}{line}catch (OperationCanceledException){line}{{{line}{Comment}{line}}}");
        return attempt
            .WithBlock(attempt.Block.AddStatements(statement.WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithTrailingTrivia(TrailingOf(statement, line))))
            .WithLeadingTrivia(statement.GetLeadingTrivia())
            .WithTrailingTrivia(SyntaxFactory.EndOfLine(line))
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    // if (_loop != null) await _loop;
    private static bool IsFollowed(StatementSyntax statement)
    {
        SyntaxNode node = statement;
        while (node.Parent is IfStatementSyntax or ElseClauseSyntax or BlockSyntax { Parent: IfStatementSyntax or ElseClauseSyntax or UsingStatementSyntax or TryStatementSyntax } or UsingStatementSyntax or TryStatementSyntax)
        {
            if (node.Parent is BlockSyntax block && block.Statements.Last() != node)
                return true;
            node = node.Parent;
        }

        return node.Parent is BlockSyntax around && around.Statements.Last() != node;
    }

    private static SyntaxTriviaList TrailingOf(StatementSyntax statement, string line) =>
        statement.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia) ? statement.GetTrailingTrivia() : statement.GetTrailingTrivia().Add(SyntaxFactory.EndOfLine(line));
}
