using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.Editing;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Requests;

/// <summary>SHUT502: the drain waits for the work.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class WorkOutlivesRequestFix() : ShutdownCodeFix("Let the drain wait for the work", RuleIds.WorkOutlivesRequest)
{
    private protected override bool CanFix(FixSite site) => Plan(site) is not null;

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var plan = Plan(site)!;
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        await plan.Shutdown.InjectAsync(edit).ConfigureAwait(false);
        if (plan.Work.NeedsTask)
            edit.Import(site.Document, site.Model, plan.Discarded.SpanStart, "System.Threading.Tasks");

        var track = SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, plan.Shutdown.Expression, SyntaxFactory.IdentifierName("Track")),
            SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(
                new[]
                {
                    SyntaxFactory.Argument(SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(plan.Work.Name))),
                    SyntaxFactory.Argument(plan.Work.Function).WithLeadingTrivia(SyntaxFactory.Space),
                })));
        editor.ReplaceNode(plan.Discarded, track.WithTriviaFrom(plan.Discarded));
    }

    private static WorkPlan? Plan(FixSite site)
    {
        if (site.Additional<InvocationExpressionSyntax>(0) is not { } started
            || site.Additional<SyntaxNode>(1) is not { } handler
            || Discarded(started, site) is not { } discarded
            || site.Model.GetOperation(started) is not IInvocationOperation call
            || TrackedWork.Of(call, started, handler, site) is not { } work)
        {
            return null;
        }

        var sources = site.Fact(WorkOutlivesRequest.Service) switch
        {
            "parameter" => ServiceSources.Parameter,
            "constructor" => ServiceSources.Constructor,
            _ => ServiceSources.Reach,
        };
        return ServiceAccess.Find(site, Service.GracefulShutdown, discarded, handler, sources) is { } shutdown ? new(discarded, work, shutdown) : null;
    }

    /// <summary>The expression of the statement: <c>_ = Work()</c>, <c>Work()</c>, <c>Work().Forget()</c>.</summary>
    private static ExpressionSyntax? Discarded(InvocationExpressionSyntax started, FixSite site)
    {
        ExpressionSyntax whole = started;
        if (whole.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax forget } && site.Model.GetSymbolInfo(forget).Symbol is IMethodSymbol { ReturnsVoid: true })
            whole = forget;
        if (whole.Parent is AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } } assignment)
            whole = assignment;
        return whole.Parent is ExpressionStatementSyntax or LambdaExpressionSyntax ? whole : null;
    }

    private sealed record WorkPlan(ExpressionSyntax Discarded, TrackedWork Work, ServiceAccess Shutdown);
}

/// <summary>The work as <c>Track</c> takes it.</summary>
/// <param name="Name">Names it in the log.</param>
/// <param name="Function">A function from a token to a task.</param>
/// <param name="NeedsTask">Whether the function names <c>Task</c>.</param>
internal sealed record TrackedWork(string Name, ExpressionSyntax Function, bool NeedsTask)
{
    public static TrackedWork? Of(IInvocationOperation call, InvocationExpressionSyntax started, SyntaxNode handler, FixSite site)
    {
        var types = new KnownTypes(site.Model.Compilation);
        var starts = (call.TargetMethod.Name == "Run" && types.Is(call.TargetMethod.ContainingType, KnownType.Task))
            || (call.TargetMethod.Name == "StartNew" && types.Is(call.TargetMethod.ContainingType, KnownType.TaskFactory))
            || types.Is(call.TargetMethod.ContainingType, KnownType.ThreadPool);
        if (!starts)
            return OfCall(call, started, site, types);

        // Options and schedulers have no place in Track.
        foreach (var argument in call.Arguments)
        {
            if (argument is { ArgumentKind: ArgumentKind.Explicit, Parameter.Ordinal: > 0 } && !IsNone(argument.Value))
                return null;
        }

        return started.ArgumentList.Arguments is not [{ Expression: var work }, ..] ? null : work switch
        {
            AnonymousFunctionExpressionSyntax function => OfFunction(function, call, handler, site),
            _ => OfGroup(work, call, site),
        };
    }

    private static bool IsNone(IOperation value) =>
        Values.WalkDown(value) is IDefaultValueOperation or IPropertyReferenceOperation { Property.Name: "None" };

    /// <summary>A lambda gets the token as its parameter.</summary>
    private static TrackedWork? OfFunction(AnonymousFunctionExpressionSyntax function, IInvocationOperation call, SyntaxNode handler, FixSite site)
    {
        // The state of QueueUserWorkItem.
        if (function is not LambdaExpressionSyntax lambda || Parameters(lambda).Any(parameter => IsUsed(lambda, parameter)))
            return null;

        var name = NameOf(lambda.Body, handler);
        var token = lambda.AsyncKeyword == default && Returns(lambda, site) == WorkResult.Task || lambda.AsyncKeyword != default ? FreeToken(lambda, site) : "_";
        var head = SyntaxFactory.SimpleLambdaExpression(SyntaxFactory.Parameter(SyntaxFactory.Identifier(token).WithTrailingTrivia(SyntaxFactory.Space)))
            .WithArrowToken(lambda.ArrowToken)
            .WithAsyncKeyword(lambda.AsyncKeyword);

        switch (lambda.AsyncKeyword != default ? WorkResult.Task : Returns(lambda, site))
        {
            case WorkResult.Task:
                return new(name, lambda.Block is { } block ? head.WithBlock(block) : head.WithExpressionBody(lambda.ExpressionBody), false);

            case WorkResult.Nothing when lambda.ExpressionBody is { } expression:
                return new(
                    name,
                    head.WithBlock(SyntaxFactory.Block(SyntaxFactory.ExpressionStatement(expression.WithoutTrivia()), Completed())).WithAdditionalAnnotations(Formatter.Annotation),
                    true);

            case WorkResult.Nothing when lambda.Block is { } statements && !HasReturn(statements):
                return new(name, head.WithBlock(AddLast(statements)), true);

            default:
                return null;
        }
    }

    private static TrackedWork? OfGroup(ExpressionSyntax work, IInvocationOperation call, FixSite site)
    {
        if (site.Model.GetSymbolInfo(work).Symbol is not IMethodSymbol { Parameters.Length: 0 } method || call.TargetMethod.ContainingType.Name == "ThreadPool")
            return null;

        var types = new KnownTypes(site.Model.Compilation);
        var invocation = SyntaxFactory.InvocationExpression(work.WithoutTrivia());
        if (types.Is(method.ReturnType, KnownType.Task) || types.Is(method.ReturnType, KnownType.Task1))
            return new(Short(method.Name), Lambda("_", invocation), false);

        return method.ReturnsVoid && !method.IsAsync
            ? new(Short(method.Name), ((SimpleLambdaExpressionSyntax)SyntaxFactory.ParseExpression($"_ => {{ {invocation}; return Task.CompletedTask; }}")).WithAdditionalAnnotations(Formatter.Annotation), true)
            : null;
    }

    /// <summary>A call whose arguments mean the same later; with the token where the method takes one.</summary>
    private static TrackedWork? OfCall(IInvocationOperation call, InvocationExpressionSyntax started, FixSite site, KnownTypes types)
    {
        if (call.TargetMethod.ReturnsVoid || started.Expression is MemberBindingExpressionSyntax || !LaterValues.AreSame(call, site.Model, types))
            return null;

        ExpressionSyntax invocation = started.WithoutTrivia();
        var token = "_";
        if (call.Arguments.FirstOrDefault(argument => argument.ArgumentKind == ArgumentKind.DefaultValue) is { Parameter: { } omitted }
            && types.Is(omitted.Type, KnownType.CancellationToken)
            && started.ArgumentList.Arguments.All(argument => argument.NameColon is null))
        {
            token = FreeToken(started, site);
            var arguments = started.ArgumentList.Arguments;
            var added = SyntaxFactory.Argument(SyntaxFactory.IdentifierName(token));
            invocation = started.WithArgumentList(started.ArgumentList.WithArguments(
                arguments.Add(arguments.Count == 0 ? added : added.WithLeadingTrivia(SyntaxFactory.Space)))).WithoutTrivia();
        }

        if (types.Is(call.Type, KnownType.ValueTask) || types.Is(call.Type, KnownType.ValueTask1))
            invocation = SyntaxFactory.InvocationExpression(SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, invocation, SyntaxFactory.IdentifierName("AsTask")));
        return new(Short(call.TargetMethod.Name), Lambda(token, invocation), false);
    }

    private static SimpleLambdaExpressionSyntax Lambda(string parameter, ExpressionSyntax body) =>
        SyntaxFactory.SimpleLambdaExpression(SyntaxFactory.Parameter(SyntaxFactory.Identifier(parameter).WithTrailingTrivia(SyntaxFactory.Space)), body)
            .WithArrowToken(SyntaxFactory.Token(SyntaxKind.EqualsGreaterThanToken).WithTrailingTrivia(SyntaxFactory.Space));

    private static string FreeToken(SyntaxNode place, FixSite site) => HandlerEdits.FreeName(place, site.Model, "ct");

    private enum WorkResult
    {
        Nothing,
        Task,
        Other,
    }

    private static WorkResult Returns(LambdaExpressionSyntax lambda, FixSite site)
    {
        if (site.Model.GetSymbolInfo(lambda).Symbol is not IMethodSymbol symbol)
            return WorkResult.Other;

        var types = new KnownTypes(site.Model.Compilation);
        return symbol.ReturnsVoid ? WorkResult.Nothing
            : types.Is(symbol.ReturnType, KnownType.Task) || types.Is(symbol.ReturnType, KnownType.Task1) ? WorkResult.Task
            // () => Count(): the value is dropped.
            : lambda.ExpressionBody is InvocationExpressionSyntax ? WorkResult.Nothing : WorkResult.Other;
    }

    private static StatementSyntax Completed() => SyntaxFactory.ParseStatement("return Task.CompletedTask;");

    private static BlockSyntax AddLast(BlockSyntax block)
    {
        var last = block.Statements.LastOrDefault();
        return block.AddStatements(Completed()
            .WithLeadingTrivia(last?.GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)) ?? [])
            .WithTrailingTrivia(last is null ? SyntaxFactory.TriviaList(SyntaxFactory.Space) : SyntaxFactory.TriviaList(last.GetTrailingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia) || trivia.IsKind(SyntaxKind.WhitespaceTrivia)))));
    }

    private static bool HasReturn(BlockSyntax block) =>
        block.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).Any(node => node is ReturnStatementSyntax);

    private static IEnumerable<string> Parameters(LambdaExpressionSyntax lambda) => lambda switch
    {
        SimpleLambdaExpressionSyntax simple => [simple.Parameter.Identifier.ValueText],
        ParenthesizedLambdaExpressionSyntax many => many.ParameterList.Parameters.Select(parameter => parameter.Identifier.ValueText),
        _ => [],
    };

    private static bool IsUsed(LambdaExpressionSyntax lambda, string parameter) =>
        lambda.Body.DescendantNodesAndSelf().Any(node => node is IdentifierNameSyntax { Identifier.ValueText: var name } && name == parameter);

    /// <summary>What the work is called: by its only call, else by the method that it stands in.</summary>
    private static string NameOf(SyntaxNode body, SyntaxNode handler)
    {
        var expression = body is BlockSyntax { Statements: [ExpressionStatementSyntax { Expression: var only }] } ? only : body;
        if (expression is AwaitExpressionSyntax awaited)
            expression = awaited.Expression;
        if (expression is InvocationExpressionSyntax { Expression: var called })
        {
            var name = called switch
            {
                MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
                SimpleNameSyntax simple => simple.Identifier.ValueText,
                _ => null,
            };
            if (name is not null)
                return Short(name);
        }

        return body.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } method && handler.Span.Contains(method.Identifier.Span) ? Short(method.Identifier.ValueText)
            : handler is LocalFunctionStatementSyntax local ? Short(local.Identifier.ValueText)
            : "background work";
    }

    private static string Short(string method) =>
        method.EndsWith("Async", StringComparison.Ordinal) && method.Length > 5 ? method.Substring(0, method.Length - 5) : method;
}
