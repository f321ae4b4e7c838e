using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT111: asks the host to stop with <c>StopApplication</c>, which returns at once.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class HostStoppedFromInsideFix() : ShutdownCodeFix("Ask the host to stop with StopApplication", RuleIds.HostStoppedFromInside)
{
    private protected override bool CanFix(FixSite site) => Plan(site) is not null;

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var plan = Plan(site)!;
        await plan.Lifetime.InjectAsync(edit).ConfigureAwait(false);
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var request = SyntaxFactory.ParseExpression($"{plan.Lifetime.Expression}.StopApplication()");
        editor.ReplaceNode(plan.Stop, request.WithTriviaFrom(plan.Stop));
        switch (plan.Rest)
        {
            case SynchronousForm.Drop:
                editor.ReplaceNode(plan.Function, (node, _) => SynchronousFunctions.WithoutAsync(node));
                break;

            case SynchronousForm.ReturnCompleted:
                edit.Import(site.Document, site.Model, plan.Function.SpanStart, "System.Threading.Tasks");
                editor.ReplaceNode(plan.Function, (node, _) => SynchronousFunctions.ReturningCompleted(node, Statements.EndOfLine(plan.Function)));
                break;

            case SynchronousForm.ReturnResults:
                edit.Import(site.Document, site.Model, plan.Function.SpanStart, "System.Threading.Tasks");
                editor.ReplaceNode(plan.Function, (node, _) => SynchronousFunctions.ReturningResults(node));
                break;
        }
    }

    private static FixPlan? Plan(FixSite site)
    {
        if (site.Fact(HostStoppedFromInside.Starting) is not null
            || site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call
            || Functions.Around(call) is not { } function
            || Whole(call) is not { } stop
            || !IsWholeStatement(site, stop)
            || SynchronousFunctions.FormWithout(stop, function, site.Model) is not { } rest)
        {
            return null;
        }

        var sources = site.Fact(LifetimeSource.Property) switch
        {
            LifetimeSource.Parameter => ServiceSources.Parameter,
            LifetimeSource.Constructor => ServiceSources.Constructor,
            _ => ServiceSources.Reach,
        };
        return ServiceAccess.Find(site, Service.HostLifetime, stop, site.Additional<SyntaxNode>(0), sources) is { } lifetime ? new(stop, function, lifetime, rest) : null;
    }

    /// <summary>The call with what waits for it: <c>await</c>, <c>Wait()</c>, <c>GetAwaiter().GetResult()</c>, <c>_ =</c>.</summary>
    private static ExpressionSyntax? Whole(InvocationExpressionSyntax call)
    {
        ExpressionSyntax whole = call;
        while (true)
        {
            switch (whole.Parent)
            {
                case AwaitExpressionSyntax awaited:
                    return awaited;
                case MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" or "Wait" or "GetAwaiter" or "GetResult", Parent: InvocationExpressionSyntax outer } access when access.Expression == whole:
                    whole = outer;
                    break;
                case AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } } assignment when assignment.Right == whole:
                    return assignment;
                case ConditionalAccessExpressionSyntax:
                    return null;
                default:
                    return whole;
            }
        }
    }

    // As a lambda's body the task is the lambda's result: only a delegate that takes any result can do without.
    private static bool IsWholeStatement(FixSite site, ExpressionSyntax stop) => stop.Parent switch
    {
        ExpressionStatementSyntax => true,
        AnonymousFunctionExpressionSyntax lambda => SynchronousFunctions.TakesAnyResult(lambda, site.Model),
        _ => false,
    };

    private sealed record FixPlan(ExpressionSyntax Stop, SyntaxNode Function, ServiceAccess Lifetime, SynchronousForm Rest);
}
