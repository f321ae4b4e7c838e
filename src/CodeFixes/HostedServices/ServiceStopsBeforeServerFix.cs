using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT211: moves the call that registers the service in front of the one that registers the server.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class ServiceStopsBeforeServerFix() : ShutdownCodeFix("Register the service before the web server", RuleIds.ServiceStopsBeforeServer)
{
    private protected override bool CanFix(FixSite site) => Calls(site) is not null;

    private protected override async Task FixAsync(FixEdit edit, FixSite site)
    {
        var (late, server) = Calls(site)!.Value;
        if (!edit.Once((site.Document.Id, late.Span)))
            return;

        // The two calls change places: each keeps the look of its place, and takes along its name and arguments.
        var editor = await edit.EditorAsync(site.Document).ConfigureAwait(false);
        var (lateName, serverName) = (((MemberAccessExpressionSyntax)late.Expression).Name, ((MemberAccessExpressionSyntax)server.Expression).Name);
        editor.ReplaceNode(lateName, serverName.WithTriviaFrom(lateName));
        editor.ReplaceNode(serverName, lateName.WithTriviaFrom(serverName));
        editor.ReplaceNode(late.ArgumentList, server.ArgumentList.WithTriviaFrom(late.ArgumentList));
        editor.ReplaceNode(server.ArgumentList, late.ArgumentList.WithTriviaFrom(server.ArgumentList));
    }

    /// <summary>The two calls, where the one directly follows the other in a chain.</summary>
    private static (InvocationExpressionSyntax Late, InvocationExpressionSyntax Server)? Calls(FixSite site) =>
        site.Additional<InvocationExpressionSyntax>(0) is { Expression: MemberAccessExpressionSyntax { Expression: InvocationExpressionSyntax before } } late
        && site.Additional<InvocationExpressionSyntax>(1) is { Expression: MemberAccessExpressionSyntax } server
        && before == server
            ? (late, server)
            : null;
}
