using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Resources;

/// <summary>
/// SHUT307: a scope or a provider of the container's that is disposed synchronously and has created a service which is only
/// <c>IAsyncDisposable</c>: its <c>Dispose</c> throws, and leaves what it has created before undisposed.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AsyncOnlyDisposable() : ShutdownAnalyzer(Gate.Container, Descriptor)
{
    private const int MaxDepth = 4;

    private static readonly DiagnosticDescriptor Descriptor = Rule.Info(
        RuleIds.AsyncOnlyDisposable,
        Category.Resources,
        "A service that is only IAsyncDisposable is disposed synchronously",
        "'{0}' is disposed synchronously and has created '{1}', which is only IAsyncDisposable: Dispose throws, and what was created before stays undisposed",
        "A scope or provider that is disposed synchronously throws at the first service that has no Dispose. DisposeAsync, by 'await using', takes both kinds.");

    private static readonly string[] Resolvers = ["GetRequiredService", "GetService", "GetServices", "GetRequiredKeyedService", "GetKeyedService"];

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        RegisterUses(context, IndexedNames.Scopes, (file, use) =>
        {
            if (SourceIndex.InvocationOf(use) is { } call
                && call.FirstAncestorOrSelf<VariableDeclaratorSyntax>() is { } declaration
                && host.Index.Operation(declaration) is IVariableDeclaratorOperation declarator)
            {
                Analyze(file, host, call, declarator);
            }
        });

    private static void Analyze(SemanticModelAnalysisContext context, HostFacts host, InvocationExpressionSyntax call, IVariableDeclaratorOperation declarator)
    {
        if (declarator.GetVariableInitializer() is not { Value: var initial }
            || Values.WalkDown(initial) is not IInvocationOperation { TargetMethod: var method, Syntax: var made }
            || made != call
            || !InstanceRegistration.IsContainers(method.ContainingType)
            || declarator.Syntax is not VariableDeclaratorSyntax { Identifier: var name }
            || !IsDisposed(host, declarator))
        {
            return;
        }

        var isScope = method.Name != "BuildServiceProvider";
        foreach (var service in ResolvedFrom(host, declarator.Symbol))
        {
            if (AsyncOnlyIn(host, service, isScope, 0) is { } created)
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptor, name.GetLocation(), declarator.Symbol.Name, created.Name));
                return;
            }
        }
    }

    /// <summary>Whether a local is disposed synchronously: by its <c>using</c>, or by a call of <c>Dispose</c>.</summary>
    private static bool IsDisposed(HostFacts host, IVariableDeclaratorOperation declarator)
    {
        for (var current = declarator.Parent; current is not null and not IBlockOperation; current = current.Parent)
        {
            switch (current)
            {
                case IUsingDeclarationOperation declaration:
                    return !declaration.IsAsynchronous;
                case IUsingOperation statement:
                    return !statement.IsAsynchronous;
            }
        }

        foreach (var reference in host.Ownership.ReferencesTo(declarator.Symbol))
        {
            if (Values.ConditionalCallOn(reference) is { TargetMethod.Name: "Dispose" })
                return true;
        }

        return false;
    }

    /// <summary>The services that are asked of a scope or a provider by name.</summary>
    private static IEnumerable<ITypeSymbol> ResolvedFrom(HostFacts host, ILocalSymbol container)
    {
        foreach (var reference in host.Ownership.ReferencesTo(container))
        {
            var provider = reference.Parent is IPropertyReferenceOperation { Property.Name: "ServiceProvider" } property ? property : reference;
            if (Values.CallOn(Values.WalkUp(provider)) is { TargetMethod: { TypeArguments: [var service], Name: var name } } && Array.IndexOf(Resolvers, name) >= 0)
                yield return service;
        }
    }

    /// <summary>The service that is only <c>IAsyncDisposable</c> among what is created for <paramref name="service"/>, by its constructors too.</summary>
    private static ITypeSymbol? AsyncOnlyIn(HostFacts host, ITypeSymbol service, bool isScope, int depth)
    {
        ITypeSymbol? found = null;
        foreach (var registration in host.Services.Of(service))
        {
            // A singleton lives on in the provider when its scope ends.
            if (isScope && registration.IsSingleton)
                return null;

            found = IsAsyncOnly(host, registration.Implementation) ? host.Services.IsContainers(registration) ? registration.Implementation : null
                : depth < MaxDepth ? AsyncOnlyAmongParameters(host, registration.Implementation, isScope, depth + 1)
                : null;
            if (found is null)
                return null;
        }

        return found;
    }

    private static ITypeSymbol? AsyncOnlyAmongParameters(HostFacts host, ITypeSymbol implementation, bool isScope, int depth)
    {
        if (implementation is not INamedTypeSymbol { InstanceConstructors: [var constructor] })
            return null;

        foreach (var parameter in constructor.Parameters)
        {
            if (AsyncOnlyIn(host, parameter.Type, isScope, depth) is { } found)
                return found;
        }

        return null;
    }

    private static bool IsAsyncOnly(HostFacts host, ITypeSymbol type) =>
        type.TypeKind is TypeKind.Class or TypeKind.Struct
        && host.Types.Inherits(type, KnownType.IAsyncDisposable)
        && !host.Types.Inherits(type, KnownType.IDisposable);
}
