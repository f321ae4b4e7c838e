using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.Editing;

/// <summary>The request's drain token in the place of another token.</summary>
internal sealed class DrainToken
{
    private const string Call = ".GetDrainToken()";

    private readonly FixSite _site;
    private readonly ExpressionSyntax _token;
    private readonly ExpressionSyntax _replacement;
    private readonly ServiceAccess? _request;
    private readonly bool _isGrpc;
    private readonly ParameterSyntax? _unused;

    private DrainToken(FixSite site, ExpressionSyntax token, ExpressionSyntax replacement, ServiceAccess? request = null, bool isGrpc = false, ParameterSyntax? unused = null) =>
        (_site, _token, _replacement, _request, _isGrpc, _unused) = (site, token, replacement, request, isGrpc, unused);

    /// <summary>How to replace <paramref name="token"/>, or null where the request can't be had at its place.</summary>
    public static DrainToken? For(FixSite site, ExpressionSyntax token, SyntaxNode? endpoint)
    {
        // context.RequestAborted, context?.RequestAborted
        switch (token)
        {
            case MemberAccessExpressionSyntax { Name.Identifier.ValueText: "RequestAborted", Expression: var request }:
                return new(site, token, SyntaxFactory.ParseExpression(request.WithoutTrivia() + Call));
            case MemberBindingExpressionSyntax { Name.Identifier.ValueText: "RequestAborted" }:
                return new(site, token, SyntaxFactory.InvocationExpression(SyntaxFactory.MemberBindingExpression(SyntaxFactory.IdentifierName("GetDrainToken"))));
            case MemberAccessExpressionSyntax { Name.Identifier.ValueText: "CancellationToken", Expression: var call }
                when site.Model.GetTypeInfo(call).Type is { Name: "ServerCallContext" }:
                return HasGrpcRequest(site) ? new(site, token, SyntaxFactory.ParseExpression(call.WithoutTrivia() + ".GetHttpContext()" + Call), isGrpc: true) : null;
        }

        if (ServiceAccess.FindRequest(site, token, endpoint) is { } access)
            return new(site, token, SyntaxFactory.ParseExpression(access.Expression + Call), access, unused: UnusedAfter(site, token, endpoint));

        if (GrpcContext(site, token) is { } context && HasGrpcRequest(site))
            return new(site, token, SyntaxFactory.ParseExpression(context + ".GetHttpContext()" + Call), isGrpc: true);

        return HandedToken.For(site, token) is { } handed ? new(site, token, handed.Expression, handed) : null;
    }

    public async Task ReplaceAsync(FixEdit edit)
    {
        if (!edit.Once(("token", _site.Document.Id, _token.Span)))
            return;

        var editor = await edit.EditorAsync(_site.Document).ConfigureAwait(false);
        if (_request is not null)
            await _request.InjectAsync(edit).ConfigureAwait(false);
        editor.ReplaceNode(_token, _replacement.WithTriviaFrom(_token));
        edit.Import(_site.Document, _site.Model, _token.SpanStart, RuntimeExtension.GetDrainToken.Namespace);
        if (_isGrpc)
            edit.Import(_site.Document, _site.Model, _token.SpanStart, "Grpc.Core");
        if (_unused is not null && edit.Once(("unused", _site.Document.Id, _unused.Span)))
            editor.ReplaceNode(_unused.Parent!, (list, _) => Without((ParameterListSyntax)list, _unused.Identifier.ValueText));
    }

    /// <summary>The lambda's own token, where every use of it is replaced: nobody else can want it.</summary>
    private static ParameterSyntax? UnusedAfter(FixSite site, ExpressionSyntax token, SyntaxNode? endpoint)
    {
        if (endpoint is not ParenthesizedLambdaExpressionSyntax lambda || lambda.ParameterList.Parameters.FirstOrDefault(one => one.Identifier.ValueText == token.ToString()) is not { } parameter)
            return null;

        var replaced = new HashSet<Microsoft.CodeAnalysis.Text.TextSpan>(site.Diagnostic.AdditionalLocations.Select(location => location.SourceSpan));
        foreach (var node in lambda.Body.DescendantNodesAndSelf())
        {
            if (node is IdentifierNameSyntax use && use.Identifier.ValueText == parameter.Identifier.ValueText && !replaced.Contains(use.Span))
                return null;
        }

        return parameter;
    }

    private static ParameterListSyntax Without(ParameterListSyntax list, string name)
    {
        var index = list.Parameters.IndexOf(parameter => parameter.Identifier.ValueText == name);
        if (index < 0)
            return list;

        // What came first starts where it did.
        var leading = list.Parameters[index].GetLeadingTrivia();
        var rest = list.Parameters.RemoveAt(index);
        return list.WithParameters(index == 0 && rest.Count > 0 ? rest.Replace(rest[0], rest[0].WithLeadingTrivia(leading)) : rest);
    }

    private static string? GrpcContext(FixSite site, ExpressionSyntax token)
    {
        foreach (var symbol in site.Model.LookupSymbols(token.SpanStart))
        {
            if (symbol is IParameterSymbol { Type.Name: "ServerCallContext" } parameter)
                return parameter.Name;
        }

        return null;
    }

    // An extension of the server's package, not of gRPC's own types.
    private static bool HasGrpcRequest(FixSite site) =>
        site.Model.Compilation.GetTypeByMetadataName("Grpc.Core.ServerCallContextExtensions") is { } type && !type.GetMembers("GetHttpContext").IsEmpty;
}
