using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.Editing;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT205: awaits the base class's stop on every way out of the override.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class StopAsyncSkipsBaseFix() : ShutdownCodeFix("Call base.StopAsync at the end", RuleIds.StopAsyncSkipsBase)
{
    private protected override bool CanFix(FixSite site) => Method(site) is { } method && AsyncMethods.CanBeAsync(method, site.Model);

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var method = Method(site)!;
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var call = SyntaxFactory.ParseStatement($"await base.StopAsync({method.ParameterList.Parameters[0].Identifier.Text});");
        var endIsReachable = method.Body is { } body && site.Model.AnalyzeControlFlow(body) is { EndPointIsReachable: true };
        editor.ReplaceNode(method, AsyncMethods.Rewrite(method, call, endIsReachable));
    }

    // An override that only throws has no end to put the call at. A base class that declares the stop abstract has none to call.
    private static MethodDeclarationSyntax? Method(FixSite site) =>
        site.Node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { ParameterList.Parameters.Count: 1 } method
        && !IsThrowOnly(method)
        && site.Model.GetDeclaredSymbol(method) is IMethodSymbol { OverriddenMethod: null or { IsAbstract: false } }
            ? method
            : null;

    private static bool IsThrowOnly(MethodDeclarationSyntax method) =>
        method.ExpressionBody?.Expression is ThrowExpressionSyntax || method.Body?.Statements is [ThrowStatementSyntax];
}
