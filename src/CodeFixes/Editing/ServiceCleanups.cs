using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.Editing;

/// <summary>A cleanup handler for a service, beside the call that registers it.</summary>
/// <param name="Registration">That call.</param>
/// <param name="Services">The collection at the start of its chain: <c>services</c>, <c>builder.Services</c>.</param>
/// <param name="Service">The type that the handler asks for.</param>
internal sealed record ServiceCleanups(SyntaxNode Registration, ExpressionSyntax Services, ITypeSymbol Service)
{
    /// <summary>Null where a handler can't stand beside the call.</summary>
    public static ServiceCleanups? Of(SyntaxNode registration, SemanticModel model) =>
        registration is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call
        && model.GetSymbolInfo(call).Symbol is IMethodSymbol { IsExtensionMethod: true } method
        && Start(access) is { } services
        && ServiceOf(call, method, model) is { } service
        && Statements.CanInsertBefore(call)
        && CleanupCalls.AddShutdownCleanup.IsReferenced(model.Compilation)
            ? new(call, services, service)
            : null;

    /// <summary>Inserts the handler after the call's statement.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="site">The diagnostic, with the document and the model of the call.</param>
    /// <param name="token">The name of the handler's token.</param>
    /// <param name="arguments">The arguments of what the handler calls.</param>
    /// <param name="stage">The stage; null for the usual one.</param>
    public async Task InsertAsync(FixEdit edit, FixSite site, string token = "_", string arguments = "", string? stage = null)
    {
        if (!edit.Once(("service cleanup", site.Document.Id, Registration.Span, stage)))
            return;

        var position = Registration.SpanStart;
        var parameter = CleanupCalls.Parameter(site, position);
        var service = Service.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToMinimalDisplayString(site.Model, position);
        var handler = CleanupCalls.Handler(site, $"({parameter}, {token})", parameter, mayBeNull: false, arguments);
        edit.Import(site.Document, site.Model, position, CleanupCalls.AddShutdownCleanup.Namespace);
        if (stage is not null)
        {
            handler += $", CleanupStage.{stage}";
            edit.Import(site.Document, site.Model, position, CleanupCalls.RuntimeNamespace);
        }

        Statements.InsertAfter(
            await edit.EditorAsync(site.Document).ConfigureAwait(false),
            Registration,
            CleanupCalls.Statement($"{Services.WithoutTrivia()}.AddShutdownCleanup<{service}>({CleanupCalls.Name(site)}, {handler});"));
    }

    private static ExpressionSyntax? Start(MemberAccessExpressionSyntax call)
    {
        var current = call.Expression;
        while (current is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access })
            current = access.Expression;

        return current is IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax or ThisExpressionSyntax or MemberAccessExpressionSyntax } ? current : null;
    }

    private static ITypeSymbol? ServiceOf(InvocationExpressionSyntax call, IMethodSymbol method, SemanticModel model)
    {
        if (method.TypeArguments is [var service, ..])
            return service;

        foreach (var argument in call.ArgumentList.Arguments)
        {
            if (argument.Expression is TypeOfExpressionSyntax { Type: var type })
                return model.GetTypeInfo(type).Type is { IsReferenceType: true } named ? named : null;
        }

        return null;
    }
}
