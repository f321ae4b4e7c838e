using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using ShutdownAnalyzers.Editing;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>
/// SHUT115: gives the work the token of <c>ApplicationStopping</c>, and goes on to <c>StopAsync</c> when that has cancelled it: the program ends in the normal way.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class WorkIgnoresHostStopFix() : ShutdownCodeFix("End the work when the host stops", RuleIds.WorkIgnoresHostStop)
{
    private protected override bool CanFix(FixSite site) => Plan(site) is not null;

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var plan = Plan(site)!;
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var token = HandlerEdits.FreeName(plan.Start.Parent!, site.Model, "stopping");
        var endOfLine = Statements.EndOfLine(plan.Start);
        edit.Import(site.Document, site.Model, plan.Start.SpanStart, "System");
        Declare(edit, site, editor, plan, token);
        if (plan.Attempt is { } attempt)
        {
            foreach (var call in plan.Calls)
                TokenArguments.Pass(editor, call, site.Model, SyntaxFactory.ParseExpression(token));
            if (!CancellationCatch.IsAround(plan.Calls[0]))
                editor.ReplaceNode(attempt, (node, _) => ((TryStatementSyntax)node).WithCatches(((TryStatementSyntax)node).Catches.Insert(0, CancellationCatch.Clause(token, HandlerEdits.IndentOf(attempt), endOfLine))));
            return;
        }

        // The lines are replaced by one: the first by the whole, the others go.
        var indent = HandlerEdits.IndentOf(plan.Work[0]);
        var lines = plan.Work.Select(line => line is GlobalStatementSyntax global ? global.Statement : (StatementSyntax)line).ToList();
        var passed = lines.Select(line => WithToken(site, line, plan.Calls, token)).ToList();
        var wrapped = CancellationCatch.Wrap(passed, token, indent, endOfLine);
        editor.ReplaceNode(plan.Work[0], (_, _) => plan.Work[0] is GlobalStatementSyntax ? SyntaxFactory.GlobalStatement(wrapped) : wrapped);
        foreach (var line in plan.Work.Skip(1))
            editor.RemoveNode(line, SyntaxRemoveOptions.KeepNoTrivia);
    }

    /// <summary>The statement with the token in the calls: made apart, since it moves.</summary>
    private static StatementSyntax WithToken(FixSite site, StatementSyntax line, IReadOnlyList<InvocationExpressionSyntax> calls, string token)
    {
        var inside = calls.Where(call => line.Span.Contains(call.Span)).ToList();
        return inside.Count == 0
            ? line
            : line.ReplaceNodes(inside, (original, current) => TokenArguments.With(original, current, site.Model, SyntaxFactory.ParseExpression(token)));
    }

    private static void Declare(FixEdit edit, FixSite site, DocumentEditor editor, FixPlan plan, string token)
    {
        var endOfLine = Statements.EndOfLine(plan.Start);
        var source = plan.IsWebApplication ? $"{plan.Host}.Lifetime" : $"{plan.Host}.Services.GetRequiredService<IHostApplicationLifetime>()";
        if (!plan.IsWebApplication)
        {
            edit.Import(site.Document, site.Model, plan.Start.SpanStart, "Microsoft.Extensions.DependencyInjection");
            edit.Import(site.Document, site.Model, plan.Start.SpanStart, "Microsoft.Extensions.Hosting");
        }

        var statement = SyntaxFactory.ParseStatement($"var {token} = {source}.ApplicationStopping;").WithTrailingTrivia(endOfLine);
        editor.InsertAfter(plan.Start, [plan.Start is GlobalStatementSyntax
            ? SyntaxFactory.GlobalStatement(statement)
            : statement.WithLeadingTrivia(SyntaxFactory.Whitespace(HandlerEdits.IndentOf(plan.Start)))]);
    }

    private static FixPlan? Plan(FixSite site)
    {
        if (site.Fact(WorkIgnoresHostStop.Host) is not { } host
            || site.Additional<InvocationExpressionSyntax>(0) is not { } startCall
            || site.Additional<InvocationExpressionSyntax>(1) is not { } stopCall
            || Line(startCall) is not { } start
            || Line(stopCall) is not { } stop)
        {
            return null;
        }

        var calls = new List<InvocationExpressionSyntax>();
        for (var i = 2; i < site.Diagnostic.AdditionalLocations.Count; i++)
        {
            if (site.Additional<InvocationExpressionSyntax>(i) is not { } call)
                return null;
            calls.Add(call);
        }

        var isWebApplication = startCall.Expression is MemberAccessExpressionSyntax { Expression: var receiver }
            && new KnownTypes(site.Model.Compilation).Is(site.Model.GetTypeInfo(receiver).Type, KnownType.WebApplication);

        // try { work } finally { await host.StopAsync(); }: the cancellation is caught there.
        if (stopCall.FirstAncestorOrSelf<FinallyClauseSyntax>()?.Parent is TryStatementSyntax attempt && calls.All(call => attempt.Block.Span.Contains(call.Span)))
        {
            // Work that returns its result has nothing to go on to behind the catch.
            var goesOn = CancellationCatch.IsAround(calls[0])
                || site.Model.AnalyzeControlFlow(attempt.Block) is { Succeeded: true, EndPointIsReachable: true }
                || Functions.CanEnd(attempt, site.Model);
            return goesOn && !attempt.Block.Span.Contains(start.Span) ? new(host, isWebApplication, start, [], calls, attempt) : null;
        }

        if (start.Parent != stop.Parent)
            return null;

        var lines = start.Parent!.ChildNodes().Where(node => node.SpanStart > start.Span.End && node.Span.End < stop.SpanStart).ToList();
        var first = lines.FindIndex(line => calls.Any(call => line.Span.Contains(call.Span)));
        if (first < 0)
            return null;

        var work = lines.Skip(first).ToList();
        return work.Any(line => line is GlobalStatementSyntax { Statement: LocalFunctionStatementSyntax } or LocalFunctionStatementSyntax)
            || calls.Any(call => !work.Any(line => line.Span.Contains(call.Span)))
            || DeclaresForLater(work)
                ? null
                : new(host, isWebApplication, start, work, calls, null);
    }

    /// <summary>Whether what the work declares is used behind it, where it would be out of scope; a local function behind it counts.</summary>
    private static bool DeclaresForLater(List<SyntaxNode> work)
    {
        var declared = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in work)
        {
            var statement = line is GlobalStatementSyntax global ? global.Statement : line;
            if (statement is LocalDeclarationStatementSyntax declaration)
                declared.UnionWith(declaration.Declaration.Variables.Select(variable => variable.Identifier.ValueText));
            declared.UnionWith(statement.DescendantNodes().OfType<SingleVariableDesignationSyntax>().Select(variable => variable.Identifier.ValueText));
        }

        // A variable that only the work assigns has no value where the work was cut off.
        foreach (var name in work.SelectMany(line => line.DescendantNodes()).OfType<AssignmentExpressionSyntax>().Select(assignment => assignment.Left).OfType<IdentifierNameSyntax>())
        {
            if (work[0].Parent!.DescendantNodes().Any(node => node is VariableDeclaratorSyntax { Initializer: null } variable && variable.Identifier.ValueText == name.Identifier.ValueText))
                declared.Add(name.Identifier.ValueText);
        }

        return work[0].Parent!.ChildNodes()
            .Where(node => node.SpanStart > work[^1].Span.End)
            .SelectMany(node => node.DescendantNodes())
            .Any(node => node is IdentifierNameSyntax name && declared.Contains(name.Identifier.ValueText));
    }

    private static SyntaxNode? Line(SyntaxNode node) => node.FirstAncestorOrSelf<StatementSyntax>() switch
    {
        { Parent: GlobalStatementSyntax global } => global,
        { Parent: BlockSyntax } statement => statement,
        _ => null,
    };

    /// <param name="Host">The host's local.</param>
    /// <param name="IsWebApplication">Whether the host has its lifetime as a property.</param>
    /// <param name="Start">The line that starts the host.</param>
    /// <param name="Work">The lines that go into the <c>try</c>.</param>
    /// <param name="Calls">The calls that get the token.</param>
    /// <param name="Attempt">The <c>try</c> around the work that is there already.</param>
    private sealed record FixPlan(string Host, bool IsWebApplication, SyntaxNode Start, IReadOnlyList<SyntaxNode> Work, IReadOnlyList<InvocationExpressionSyntax> Calls, TryStatementSyntax? Attempt);
}
