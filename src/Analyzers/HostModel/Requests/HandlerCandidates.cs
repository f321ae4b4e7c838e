using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// Which functions may be given to the framework's calls that take handlers (<c>MapGet</c>, <c>Use</c>, <c>Run</c>), by syntax alone. The methods around these calls
/// are the longest of many programs, and most questions about a function end here, before one is bound.
/// </summary>
internal sealed class HandlerCandidates
{
    private readonly HostFacts _host;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    // Of each member that such a call stands in: looked up for each name that is given.
    private readonly Dictionary<SyntaxNode, HashSet<string>> _declared = [];

    // A local, a parameter or a field is given: only binding tells what it holds.
    private readonly bool _isAnyVariable;

    public HandlerCandidates(HostFacts host)
    {
        _host = host;
        foreach (var call in Calls)
        {
            foreach (var argument in call.ArgumentList.Arguments)
            {
                if (!IsPath(call, argument))
                    _isAnyVariable |= IsVariable(argument.Expression);
            }
        }

        _declared.Clear();
    }

    /// <summary>The calls that may be the framework's and be given a handler.</summary>
    public IEnumerable<InvocationExpressionSyntax> Calls
    {
        get
        {
            foreach (var name in IndexedNames.Endpoints)
            {
                foreach (var call in _host.Index.Invocations(name))
                {
                    if (MayTakeHandler(call))
                        yield return call;
                }
            }
        }
    }

    /// <summary>Whether a lambda, local function or method may be one that is given to such a call.</summary>
    public bool MayBe(SyntaxNode function) => _isAnyVariable || function switch
    {
        AnonymousFunctionExpressionSyntax => CallGiven(function) is { } call && Array.IndexOf(IndexedNames.Endpoints, SourceIndex.NameOf(call)) >= 0 && MayTakeHandler(call),
        MethodDeclarationSyntax method => _names.Contains(method.Identifier.ValueText),
        LocalFunctionStatementSyntax local => _names.Contains(local.Identifier.ValueText),
        _ => false,
    };

    // The framework's are called on something. What its Use and Run are given takes something: Task.Run(() => ...) isn't one; and what maps takes a route or a
    // predicate before the handler: mapper.Map(order) isn't one.
    private static bool MayTakeHandler(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax or MemberBindingExpressionSyntax
        && call.ArgumentList.Arguments is [.., { Expression: var last }] arguments
        && SourceIndex.NameOf(call) switch
        {
            "Use" or "Run" => last is not ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters.Count: 0 },
            "MapFallback" or "AddEndpointFilter" => true,
            _ => arguments.Count > 1,
        };

    // The route of an extension method's call: no handler, whatever it is.
    private static bool IsPath(InvocationExpressionSyntax call, ArgumentSyntax argument) =>
        argument.NameColon is null
        && call.ArgumentList.Arguments.Count > 1
        && call.ArgumentList.Arguments[0] == argument
        && SourceIndex.NameOf(call) is { } name and not "MapWhen"
        && name.StartsWith("Map", StringComparison.Ordinal);

    private static InvocationExpressionSyntax? CallGiven(SyntaxNode lambda)
    {
        for (var current = lambda.Parent; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case ArgumentListSyntax { Parent: InvocationExpressionSyntax call }:
                    return call;
                case not (ArgumentSyntax or ArgumentListSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax or ConditionalExpressionSyntax or BaseObjectCreationExpressionSyntax):
                    return null;
            }
        }

        return null;
    }

    // Notes the methods that a value names.
    private bool IsVariable(ExpressionSyntax value)
    {
        switch (value)
        {
            case ParenthesizedExpressionSyntax parenthesized:
                return IsVariable(parenthesized.Expression);

            case CastExpressionSyntax cast:
                return IsVariable(cast.Expression);

            case PostfixUnaryExpressionSyntax notNull:
                return IsVariable(notNull.Operand);

            case ConditionalExpressionSyntax choice:
                return IsVariable(choice.WhenTrue) | IsVariable(choice.WhenFalse);

            case BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: [var given] }:
                return IsVariable(given.Expression);

            case MemberAccessExpressionSyntax access:
                return Note(access.Name);

            case SimpleNameSyntax name:
                return Note(name) || IsDeclaredAround(name);

            default:
                return false;
        }
    }

    /// <summary>Whether a name is a field's or a property's that can hold a delegate; a method's is noted.</summary>
    private bool Note(SimpleNameSyntax name)
    {
        _names.Add(name.Identifier.ValueText);
        foreach (var symbol in _host.Compilation.GetSymbolsWithName(name.Identifier.ValueText, SymbolFilter.Member))
        {
            if (((symbol as IFieldSymbol)?.Type ?? (symbol as IPropertySymbol)?.Type) is { } type && MayHoldDelegate(type))
                return true;
        }

        return false;
    }

    private static bool MayHoldDelegate(ITypeSymbol type) =>
        type.TypeKind is TypeKind.Delegate or TypeKind.Error or TypeKind.TypeParameter or TypeKind.Dynamic
        || type is { SpecialType: SpecialType.System_Object or SpecialType.System_Delegate or SpecialType.System_MulticastDelegate };

    /// <summary>Whether a name is a local's, or a parameter's that can hold a delegate: what takes a handler from its caller.</summary>
    private bool IsDeclaredAround(SimpleNameSyntax name)
    {
        if (SourceIndex.ScopeOf(name) is not { } scope)
            return false;

        if (!_declared.TryGetValue(scope, out var declared))
            _declared.Add(scope, declared = [.. DeclaredIn(scope)]);
        return declared.Contains(name.Identifier.ValueText);
    }

    private IEnumerable<string> DeclaredIn(SyntaxNode scope)
    {
        foreach (var node in scope.DescendantNodes())
        {
            switch (node)
            {
                case VariableDeclaratorSyntax local:
                    yield return local.Identifier.ValueText;
                    break;

                case SingleVariableDesignationSyntax designation:
                    yield return designation.Identifier.ValueText;
                    break;

                // A method's own can be asked for without the method being bound.
                case ParameterSyntax parameter when parameter.Parent?.Parent is not BaseMethodDeclarationSyntax
                    || _host.Index.Model(parameter.SyntaxTree).GetDeclaredSymbol(parameter) is not IParameterSymbol { Type: var type }
                    || MayHoldDelegate(type):
                    yield return parameter.Identifier.ValueText;
                    break;
            }
        }
    }
}
