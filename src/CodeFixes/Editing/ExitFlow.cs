using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.Editing;

/// <summary>How a function goes on after a statement that never returned and now does, so that no code runs which never ran before.</summary>
/// <param name="Return">The statement that must follow; null where nothing runs anyway.</param>
/// <param name="ReplacedJump">The <c>break</c> or <c>continue</c> that only the compiler wanted, and that the return replaces.</param>
internal sealed record ExitFlow(StatementSyntax? Return, StatementSyntax? ReplacedJump)
{
    /// <summary>The statement is the last that the function runs.</summary>
    public static readonly ExitFlow Ends = new(null, null);

    /// <summary>The flow after <paramref name="exit"/>, or null where no return can be right: a value is owed, or code in the same block would be dead.</summary>
    public static ExitFlow? After(StatementSyntax exit, SyntaxNode function, SemanticModel model)
    {
        StatementSyntax? directJump = null;
        SyntaxNode current = exit;
        while (true)
        {
            var next = Next(current);
            switch (next)
            {
                case null:
                    break;

                case ReturnStatementSyntax { Expression: var value } when value is null || IsPlain(value, direct: current == exit):
                    return Ends;

                case BreakStatementSyntax or ContinueStatementSyntax:
                    if (current == exit)
                        directJump = next;
                    if (next is BreakStatementSyntax && JumpTarget(next) is { } target)
                    {
                        current = target;
                        continue;
                    }

                    return NeedsReturn(function, model, directJump);

                default:
                    return current == exit ? null : NeedsReturn(function, model, directJump);
            }

            switch (current.Parent)
            {
                case FinallyClauseSyntax or GlobalStatementSyntax or null:
                    return null;

                case ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax:
                    return NeedsReturn(function, model, directJump);

                case var parent when parent == function:
                    return Ends;

                case BlockSyntax or StatementSyntax or ElseClauseSyntax or CatchClauseSyntax or SwitchSectionSyntax:
                    current = current.Parent;
                    break;

                default:
                    return null;
            }
        }
    }

    private static ExitFlow? NeedsReturn(SyntaxNode function, SemanticModel model, StatementSyntax? jump)
    {
        var symbol = (function is AnonymousFunctionExpressionSyntax ? model.GetSymbolInfo(function).Symbol : model.GetDeclaredSymbol(function)) as IMethodSymbol;
        if (symbol is null || symbol.Parameters.Any(parameter => parameter.RefKind == RefKind.Out) || function.DescendantNodes().Any(node => node is YieldStatementSyntax))
            return null;

        var isTask = symbol.ReturnType is INamedTypeSymbol { IsGenericType: false, Name: "Task" or "ValueTask", ContainingNamespace.Name: "Tasks" };
        var text = symbol switch
        {
            { ReturnsVoid: true } => "return;",
            { IsAsync: true } when isTask => "return;",
            { IsAsync: false, ReturnType.Name: "Task" } when isTask => "return Task.CompletedTask;",
            { IsAsync: false } when isTask => "return default;",
            _ => null,
        };
        return text is null ? null : new(SyntaxFactory.ParseStatement(text), jump);
    }

    // Local functions aren't run by falling onto them.
    private static StatementSyntax? Next(SyntaxNode current)
    {
        if (current is not StatementSyntax statement)
            return null;

        var statements = statement.Parent switch
        {
            BlockSyntax block => block.Statements,
            SwitchSectionSyntax section => section.Statements,
            _ => default,
        };
        for (var i = statements.IndexOf(statement) + 1; i > 0 && i < statements.Count; i++)
        {
            if (statements[i] is not LocalFunctionStatementSyntax and not EmptyStatementSyntax)
                return statements[i];
        }

        return null;
    }

    private static StatementSyntax? JumpTarget(SyntaxNode jump)
    {
        foreach (var ancestor in jump.Ancestors())
        {
            if (ancestor is SwitchStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax)
                return (StatementSyntax)ancestor;
            if (ancestor is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
                return null;
        }

        return null;
    }

    // Right after the exit stands what the compiler asked for (return Ok();); further on, only a finished task says nothing that isn't so.
    private static bool IsPlain(ExpressionSyntax value, bool direct) => value switch
    {
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "CompletedTask" } => true,
        LiteralExpressionSyntax or DefaultExpressionSyntax => direct,
        InvocationExpressionSyntax { ArgumentList.Arguments: var arguments } call => direct
            && call.Expression is IdentifierNameSyntax { Identifier.ValueText: "Ok" or "NoContent" or "Accepted" or "StatusCode" or "Content" or "Problem" }
                or MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "Results" or "TypedResults" or "Task" or "ValueTask" or "HealthCheckResult" } }
            && arguments.All(argument => IsPlain(argument.Expression, direct: true) || argument.Expression is InterpolatedStringExpressionSyntax or ObjectCreationExpressionSyntax or AnonymousObjectCreationExpressionSyntax),
        _ => false,
    };
}
