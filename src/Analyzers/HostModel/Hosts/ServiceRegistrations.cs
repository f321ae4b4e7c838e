using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A service that the container creates, and disposes of with what it lives in.</summary>
/// <param name="Implementation">The type that is created, as far as it is known.</param>
/// <param name="IsSingleton">Whether it lives in the provider rather than in a scope.</param>
/// <param name="Call">The call that registers it; whether the container's method of that name is called, only binding tells: <see cref="ServiceRegistrations.IsContainers"/>.</param>
internal sealed record ServiceRegistration(ITypeSymbol Implementation, bool IsSingleton, InvocationExpressionSyntax Call);

/// <summary>
/// The services of this compilation that are registered by type or by factory; the container doesn't dispose of instances. Programs register
/// hundreds in one method: it is bound only where the types that a call names don't say it all.
/// </summary>
internal sealed class ServiceRegistrations
{
    private readonly HostFacts _host;
    private readonly Lazy<List<Candidate>> _candidates;
    private readonly ConcurrentDictionary<Candidate, (ITypeSymbol Service, ServiceRegistration Registration)?> _read = new();
    private readonly Func<Candidate, (ITypeSymbol Service, ServiceRegistration Registration)?> _readNew;

    public ServiceRegistrations(HostFacts host)
    {
        _host = host;
        _candidates = new(FindCandidates);
        _readNew = Read;
    }

    /// <summary>What the container creates for a service; empty where its registration isn't in sight.</summary>
    public IEnumerable<ServiceRegistration> Of(ITypeSymbol service)
    {
        foreach (var candidate in _candidates.Value)
        {
            if ((candidate.ServiceName is null || candidate.ServiceName == service.Name)
                && _read.GetOrAdd(candidate, _readNew) is { } read
                && SymbolEqualityComparer.Default.Equals(read.Service, service))
            {
                yield return read.Registration;
            }
        }
    }

    /// <summary>Whether a registration is made by the container's own method.</summary>
    public bool IsContainers(ServiceRegistration registration) => Bound(registration.Call) is not null;

    private List<Candidate> FindCandidates()
    {
        var found = new List<Candidate>();
        foreach (var name in IndexedNames.Services)
        {
            foreach (var call in _host.Index.Invocations(name))
            {
                var (types, values) = (TypesIn(call), ValuesIn(call));
                if (types is not [] || !IsInstance(values))
                    found.Add(new(call, types, values, NameOf(ServiceIn(types, values))));
            }
        }

        return found;
    }

    private (ITypeSymbol Service, ServiceRegistration Registration)? Read(Candidate candidate)
    {
        var call = candidate.Call;
        var isKeyed = SourceIndex.NameOf(call).Contains("Keyed");
        var made = isKeyed ? null : MadeIn(candidate.Types, candidate.Values);
        var (service, implementation) = made is not null && ServiceIn(candidate.Types, candidate.Values) is { } written ? (TypeOf(written), TypeOf(made)) : default;
        if (service is null && Bound(call) is { } bound)
            (service, implementation) = TypesIn(bound);

        return service is not null && implementation is not null
            ? (service, new(implementation, SourceIndex.NameOf(call).EndsWith("Singleton", StringComparison.Ordinal), call))
            : null;
    }

    private static TypeSyntax? ServiceIn(List<TypeSyntax> types, List<ExpressionSyntax> values) => types is [var first, ..] ? first : MadeIn(types, values);

    /// <summary>The type that the container creates, where the syntax says so.</summary>
    private static TypeSyntax? MadeIn(List<TypeSyntax> types, List<ExpressionSyntax> values) => (types, values) switch
    {
        ([_, var made], _) => made,
        ([var only], []) => only,
        ([] or [_], [LambdaExpressionSyntax factory and not ParenthesizedLambdaExpressionSyntax { ReturnType: not null }]) when factory.AsyncKeyword.IsKind(SyntaxKind.None) =>
            ResultOf(factory) is var result && result is ObjectCreationExpressionSyntax { Type: var made } ? made : AskedBy(result),
        _ => null,
    };

    /// <summary>What a factory returns, where it returns in one place.</summary>
    private static ExpressionSyntax? ResultOf(LambdaExpressionSyntax factory)
    {
        if (factory.Block is not { } block)
            return factory.ExpressionBody;

        ExpressionSyntax? result = null;
        foreach (var node in block.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
        {
            if (node is not ReturnStatementSyntax { Expression: var returned })
                continue;
            if (result is not null)
                return null;
            result = returned;
        }

        return result;
    }

    // AddSingleton(new Options()): nothing that the container creates. A delegate that is made or handed over so is a factory.
    private bool IsInstance(List<ExpressionSyntax> values) => values is [var only] && only switch
    {
        ObjectCreationExpressionSyntax { Type: var made } => !MayBeFunc(made),
        IdentifierNameSyntax { Identifier.ValueText: var name } => IsInstance(only, name),
        _ => AskedBy(only) is { } asked && !MayBeFunc(asked),
    };

    // The item of a loop, or a parameter of the method around: its type is known without the method being bound.
    private bool IsInstance(SyntaxNode use, string name)
    {
        foreach (var ancestor in use.Ancestors())
        {
            switch (ancestor)
            {
                case ForEachStatementSyntax loop when loop.Identifier.ValueText == name:
                    return true;

                case BaseMethodDeclarationSyntax method:
                    return method.ParameterList.Parameters.FirstOrDefault(parameter => parameter.Identifier.ValueText == name) is { } declared
                        && _host.Index.Model(declared.SyntaxTree).GetDeclaredSymbol(declared) is IParameterSymbol { Type.TypeKind: TypeKind.Class or TypeKind.Interface or TypeKind.Struct };

                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax:
                    return false;
            }
        }

        return false;
    }

    private bool MayBeFunc(TypeSyntax type) => NameOf(type) is null or "Func";

    /// <summary>The type that <c>provider.GetRequiredService&lt;Other&gt;()</c> asks for.</summary>
    private static TypeSyntax? AskedBy(ExpressionSyntax? value) =>
        value is InvocationExpressionSyntax { ArgumentList.Arguments: [], Expression: MemberAccessExpressionSyntax { Name: GenericNameSyntax { Identifier.ValueText: "GetRequiredService" or "GetService", TypeArgumentList.Arguments: [var asked] } } }
            ? asked
            : null;

    /// <summary>The types that a call is given: as type arguments, or by <c>typeof</c>.</summary>
    private static List<TypeSyntax> TypesIn(InvocationExpressionSyntax call)
    {
        var found = new List<TypeSyntax>();
        if (SourceIndex.CalledIn(call) is GenericNameSyntax { TypeArgumentList.Arguments: var arguments })
            found.AddRange(arguments);
        foreach (var argument in call.ArgumentList.Arguments)
        {
            if (argument.Expression is TypeOfExpressionSyntax operand)
                found.Add(operand.Type);
        }

        return found;
    }

    /// <summary>The arguments that aren't types.</summary>
    private static List<ExpressionSyntax> ValuesIn(InvocationExpressionSyntax call)
    {
        var found = new List<ExpressionSyntax>();
        foreach (var argument in call.ArgumentList.Arguments)
        {
            if (argument.Expression is not TypeOfExpressionSyntax)
                found.Add(argument.Expression);
        }

        return found;
    }

    /// <summary>A type's own name; null where none is written, or where it may be an alias or a keyword's.</summary>
    private string? NameOf(TypeSyntax? type) => type switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        SimpleNameSyntax { Identifier.ValueText: var name } when !_host.Index.IsAlias(name) => name,
        _ => null,
    };

    // Asked at the member's beginning, a type is looked up without the member's body being bound.
    private ITypeSymbol? TypeOf(TypeSyntax type) =>
        type.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member
            ? _host.Index.Model(type.SyntaxTree).GetSpeculativeTypeInfo(member.SpanStart, type, SpeculativeBindingOption.BindAsTypeOrNamespace).Type
            : null;

    private IInvocationOperation? Bound(InvocationExpressionSyntax syntax) =>
        _host.Index.Operation(syntax) is IInvocationOperation call && InstanceRegistration.IsContainers(call.TargetMethod.ContainingType) && InstanceRegistration.Of(call) is null ? call : null;

    private static (ITypeSymbol? Service, ITypeSymbol? Implementation) TypesIn(IInvocationOperation call)
    {
        var types = new List<ITypeSymbol>(call.TargetMethod.TypeArguments);
        ITypeSymbol? made = null;
        foreach (var argument in call.Arguments)
        {
            switch (Values.WalkDown(argument.Value))
            {
                case ITypeOfOperation { TypeOperand: var operand } when argument.Parameter?.Name != "serviceKey":
                    types.Add(operand);
                    break;

                case IDelegateCreationOperation { Target: IAnonymousFunctionOperation factory }:
                    made = ResultOf(factory);
                    break;
            }
        }

        return types switch
        {
            [var service, var implementation] => (service, implementation),
            [var service] => (service, made ?? service),
            _ => default,
        };
    }

    /// <summary>The type that a factory's last return creates.</summary>
    private static ITypeSymbol? ResultOf(IAnonymousFunctionOperation factory)
    {
        ITypeSymbol? result = null;
        foreach (var operation in OperationWalk.Own(factory))
        {
            if (operation is IReturnOperation { ReturnedValue: { } returned })
                result = Values.WalkDown(returned).Type;
        }

        return result;
    }

    /// <param name="Call">A call that registers, by its name.</param>
    /// <param name="Types">The types that it is given.</param>
    /// <param name="Values">Its other arguments.</param>
    /// <param name="ServiceName">The name of the type that it registers; null where that isn't written.</param>
    private sealed record Candidate(InvocationExpressionSyntax Call, List<TypeSyntax> Types, List<ExpressionSyntax> Values, string? ServiceName);
}
