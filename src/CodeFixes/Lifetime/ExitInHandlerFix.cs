using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using ShutdownAnalyzers.Editing;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>
/// SHUT103: sets the exit code and asks the host to stop. Offered only where the code after the exit still doesn't run: the exit was the function's last
/// statement, or a return can follow.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ExitInHandlerFix() : ShutdownCodeFix("Stop the host instead", RuleIds.ExitInHandler)
{
    private protected override bool CanFix(FixSite site) => Plan(site) is not null;

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var plan = Plan(site)!;
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        if (plan.Lifetime is { } lifetime)
            await lifetime.InjectAsync(edit).ConfigureAwait(false);
        if (plan.NeedsEnvironment)
            edit.Import(site.Document, site.Model, plan.Exit.SpanStart, "System");
        if (plan.Return?.ToString().Contains("Task.") == true)
            edit.Import(site.Document, site.Model, plan.Exit.SpanStart, "System.Threading.Tasks");

        var endOfLine = Statements.EndOfLine(site.Root);
        var statements = plan.Statements().Select(statement => statement.WithTrailingTrivia(endOfLine).WithAdditionalAnnotations(Formatter.Annotation)).ToList();

        switch (plan.Exit.Parent)
        {
            case ExpressionStatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax } statement:
                if (plan.ReplacedJump is { } jump)
                    editor.RemoveNode(jump, SyntaxRemoveOptions.KeepNoTrivia);
                statements[^1] = statements[^1].WithTrailingTrivia(statement.GetTrailingTrivia());
                if (statements.Count > 1)
                    editor.InsertAfter(statement, statements.Skip(1));
                editor.ReplaceNode(statement, statements[0].WithLeadingTrivia(statement.GetLeadingTrivia()));
                break;

            case ExpressionStatementSyntax statement:
                editor.ReplaceNode(statement, SyntaxFactory.Block(statements).WithTrailingTrivia(statement.GetTrailingTrivia()).WithAdditionalAnnotations(Formatter.Annotation));
                break;

            case LambdaExpressionSyntax when statements is [ExpressionStatementSyntax only]:
                editor.ReplaceNode(plan.Exit, only.Expression.WithTriviaFrom(plan.Exit).WithAdditionalAnnotations(Formatter.Annotation));
                break;

            case LambdaExpressionSyntax lambda:
                editor.ReplaceNode(lambda, (node, _) => ((LambdaExpressionSyntax)node).WithExpressionBody(null)
                    .WithBlock(SyntaxFactory.Block(statements)).WithAdditionalAnnotations(Formatter.Annotation));
                break;

            case ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax method }:
                editor.ReplaceNode(method, (node, _) => ((MethodDeclarationSyntax)node).WithExpressionBody(null).WithSemicolonToken(default)
                    .WithBody(SyntaxFactory.Block(statements).WithTrailingTrivia(node.GetTrailingTrivia())).WithAdditionalAnnotations(Formatter.Annotation));
                break;

            case ArrowExpressionClauseSyntax { Parent: LocalFunctionStatementSyntax local }:
                editor.ReplaceNode(local, (node, _) => ((LocalFunctionStatementSyntax)node).WithExpressionBody(null).WithSemicolonToken(default)
                    .WithBody(SyntaxFactory.Block(statements).WithTrailingTrivia(node.GetTrailingTrivia())).WithAdditionalAnnotations(Formatter.Annotation));
                break;
        }
    }

    private static ExitPlan? Plan(FixSite site)
    {
        if (site.Fact(ExitInHandler.Returns) is null
            || site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } exit
            || exit.Span != site.Diagnostic.Location.SourceSpan
            || site.Additional<SyntaxNode>(0) is not { } root
            || Function.Around(exit).FirstOrDefault() is not { } function)
        {
            return null;
        }

        var flow = exit.Parent switch
        {
            ExpressionStatementSyntax statement => ExitFlow.After(statement, function, site.Model),
            LambdaExpressionSyntax or ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax or LocalFunctionStatementSyntax } => ExitFlow.Ends,
            _ => null,
        };
        if (flow is null)
            return null;

        if (site.Fact(LifetimeSource.Property) == LifetimeSource.None)
            return new(exit, null, flow);

        var sources = site.Fact(LifetimeSource.Property) switch
        {
            LifetimeSource.Parameter => ServiceSources.Parameter,
            LifetimeSource.Constructor => ServiceSources.Constructor,
            _ => ServiceSources.Reach,
        };
        return ServiceAccess.Find(site, Service.HostLifetime, exit, root, sources) is { } lifetime ? new(exit, lifetime, flow) : null;
    }

    /// <summary>What stands in place of the exit.</summary>
    private sealed record ExitPlan(InvocationExpressionSyntax Exit, ServiceAccess? Lifetime, ExitFlow Flow)
    {
        public StatementSyntax? Return => Flow.Return;

        public StatementSyntax? ReplacedJump => Flow.ReplacedJump;

        private bool IsKill => Exit.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Kill" };

        public bool NeedsEnvironment => IsKill;

        public IEnumerable<StatementSyntax> Statements()
        {
            // Environment.Exit(n), System.Environment.Exit(n), or Exit(n) with a static using. A killed process has no code of its own: 1 is "failed".
            var (exitCode, value) = IsKill
                ? (SyntaxFactory.ParseExpression("Environment.ExitCode"), "1")
                : (Exit.Expression is MemberAccessExpressionSyntax access
                    ? access.WithName(SyntaxFactory.IdentifierName("ExitCode")).WithoutTrivia()
                    : SyntaxFactory.IdentifierName("ExitCode"), Exit.ArgumentList.Arguments.Count > 0 ? Exit.ArgumentList.Arguments[0].Expression.ToString() : "0");
            yield return SyntaxFactory.ParseStatement($"{exitCode} = {value};");
            if (Lifetime is not null)
                yield return SyntaxFactory.ParseStatement($"{Lifetime.Expression}.StopApplication();");
            if (Return is not null)
                yield return Return;
        }
    }
}
