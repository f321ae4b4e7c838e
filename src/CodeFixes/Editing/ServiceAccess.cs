using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Editing;

/// <summary>How some code gets at a service, and the edit that is needed for it.</summary>
internal sealed class ServiceAccess
{
    private readonly Func<FixEdit, Task>? _inject;

    public ServiceAccess(ExpressionSyntax expression, Func<FixEdit, Task>? inject)
    {
        Expression = expression;
        _inject = inject;
    }

    /// <summary>The expression for the service at the use.</summary>
    public ExpressionSyntax Expression { get; }

    /// <summary>Makes the service reachable by that expression; nothing where it is.</summary>
    public Task InjectAsync(FixEdit edit) => _inject?.Invoke(edit) ?? Task.CompletedTask;

    /// <summary>The way to <paramref name="service"/> for code at <paramref name="use"/>, or null where there is none without doubt.</summary>
    /// <param name="site">The diagnostic.</param>
    /// <param name="service">The service.</param>
    /// <param name="use">Where it is used.</param>
    /// <param name="handler">The function that a parameter could be added to.</param>
    /// <param name="sources">Where it may come from beside what is in reach.</param>
    public static ServiceAccess? Find(FixSite site, Service service, SyntaxNode use, SyntaxNode? handler, ServiceSources sources)
    {
        var types = new KnownTypes(site.Model.Compilation);
        if (!types.Has(service.Type))
            return null;

        return InReach(site, types, service, use)
            ?? (sources.HasFlag(ServiceSources.Parameter) && handler is not null ? ParameterInjection.For(site, service, handler) : null)
            ?? (sources.HasFlag(ServiceSources.Constructor) ? ConstructorInjection.For(site, service, use) : null)
            ?? ThroughProvider(site, types, service, use);
    }

    /// <summary>The way to the request itself, which no container gives: what is in scope, or a new parameter of <paramref name="endpoint"/>.</summary>
    public static ServiceAccess? FindRequest(FixSite site, SyntaxNode use, SyntaxNode? endpoint)
    {
        var types = new KnownTypes(site.Model.Compilation);
        return InReach(site, types, Service.Request, use)
            ?? OfRequest(site, types, use)
            ?? (endpoint is null ? null : ParameterInjection.For(site, Service.Request, endpoint));
    }

    /// <summary><c>response.HttpContext</c> and the like.</summary>
    private static ServiceAccess? OfRequest(FixSite site, KnownTypes types, SyntaxNode use)
    {
        foreach (var (name, type) in ServicesInScope.Of(site, use))
        {
            if (types.Inherits(type, KnownType.ActionContext) || type is { Name: "HttpRequest" or "HttpResponse", ContainingNamespace: { Name: "Http", ContainingNamespace.Name: "AspNetCore" } })
                return new(SyntaxFactory.ParseExpression(name + ".HttpContext"), null);
        }

        return null;
    }

    /// <summary>What is in scope of the service's own type, or an app that has it as <c>Lifetime</c>.</summary>
    private static ServiceAccess? InReach(FixSite site, KnownTypes types, Service service, SyntaxNode use)
    {
        string? app = null;
        foreach (var (name, type) in ServicesInScope.Of(site, use))
        {
            if (types.Inherits(type, service.Type) || (service == Service.HostLifetime && (types.Inherits(type, KnownType.IApplicationLifetime) || types.Inherits(type, KnownType.IHostingApplicationLifetime))))
                return new(SyntaxFactory.IdentifierName(name), null);

            if (service == Service.HostLifetime && types.Is(type, KnownType.WebApplication))
                app ??= name + ".Lifetime";
        }

        return app is null ? null : new(SyntaxFactory.ParseExpression(app), null);
    }

    /// <summary><c>context.RequestServices.GetRequiredService&lt;T&gt;()</c> and the like.</summary>
    private static ServiceAccess? ThroughProvider(FixSite site, KnownTypes types, Service service, SyntaxNode use)
    {
        foreach (var (name, type) in ServicesInScope.Of(site, use))
        {
            var provider = types.Is(type, KnownType.HttpContext) ? name + ".RequestServices"
                : types.Inherits(type, KnownType.ActionContext) ? name + ".HttpContext.RequestServices"
                : types.Inherits(type, KnownType.IHost) || types.Inherits(type, KnownType.IWebHost) ? name + ".Services"
                : types.Inherits(type, KnownType.IApplicationBuilder) ? name + ".ApplicationServices"
                : types.Is(type, KnownType.IServiceProvider) ? name
                : null;
            if (provider is not null)
            {
                return new(SyntaxFactory.ParseExpression($"{provider}.GetRequiredService<{service.Name}>()"), edit =>
                {
                    edit.Import(site.Document, site.Model, use.SpanStart, "Microsoft.Extensions.DependencyInjection");
                    edit.Import(site.Document, site.Model, use.SpanStart, service.Namespace);
                    return Task.CompletedTask;
                });
            }
        }

        return null;
    }
}
