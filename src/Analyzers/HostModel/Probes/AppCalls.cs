using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// The calls of one file that may be given an app or an endpoint builder, or be made on one, by syntax alone: it follows the names of the variables that hold one.
/// </summary>
internal sealed class AppCalls
{
    private readonly SyntaxTree _tree;
    private readonly HashSet<InvocationExpressionSyntax> _all = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _names = new();

    private AppCalls(SyntaxTree tree) => _tree = tree;

    /// <summary>The calls; null where an app may come in a way that names don't tell, and any call may be one.</summary>
    public static IReadOnlyCollection<InvocationExpressionSyntax>? In(SyntaxTree tree)
    {
        var calls = new AppCalls(tree);
        foreach (var use in SourceIndex.UsesIn(tree, IndexedNames.Apps))
        {
            if (!calls.Begin(use))
                return null;
        }

        while (calls._names.Count > 0)
        {
            foreach (var position in TreeNames.Find(tree, calls._names.Dequeue()))
                calls.Follow(SourceIndex.ExpressionOf(TreeNames.At(tree, position)));
        }

        return calls._all;
    }

    // UseEndpoints(endpoints => ...), builder.Build(), WebApplication.Create(args), or a type's name in a declaration.
    private bool Begin(SimpleNameSyntax use)
    {
        if (SourceIndex.InvocationOf(use) is { } call)
        {
            Add(call);
            return true;
        }

        switch (TypeAround(use).Parent)
        {
            case ParameterSyntax parameter:
                Name(parameter.Identifier);
                return true;

            case VariableDeclarationSyntax declaration:
                foreach (var variable in declaration.Variables)
                    Name(variable.Identifier);
                return true;

            case PropertyDeclarationSyntax property:
                Name(property.Identifier);
                return true;

            case MethodDeclarationSyntax method:
                Name(method.Identifier);
                return true;

            case LocalFunctionStatementSyntax local:
                Name(local.Identifier);
                return true;

            case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax made }:
                Add(made);
                return true;

            // A delegate's parameter, a cast, a pattern, another name for the type.
            default:
                return use.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { Alias: null };
        }
    }

    private static SyntaxNode TypeAround(SyntaxNode type)
    {
        while (type.Parent is NullableTypeSyntax or QualifiedNameSyntax)
            type = type.Parent;
        return type;
    }

    /// <summary>What is done with a value: calls on it, calls that it is given to, and the variable that keeps it.</summary>
    private void Follow(SyntaxNode value)
    {
        switch (value.Parent)
        {
            case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access when access.Expression == value:
                Add(call);
                break;

            case ConditionalAccessExpressionSyntax { WhenNotNull: InvocationExpressionSyntax call } access when access.Expression == value:
                Add(call);
                break;

            case InvocationExpressionSyntax call when call.Expression == value:
                Add(call);
                break;

            case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call }:
                Add(call);
                break;

            case MemberAccessExpressionSyntax or AwaitExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax or PostfixUnaryExpressionSyntax or ConditionalAccessExpressionSyntax
                or ConditionalExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression or (int)SyntaxKind.AsExpression }
                or InitializerExpressionSyntax or ImplicitArrayCreationExpressionSyntax or ArrayCreationExpressionSyntax or BaseObjectCreationExpressionSyntax
                or ExpressionElementSyntax or CollectionExpressionSyntax or SwitchExpressionArmSyntax or SwitchExpressionSyntax:
                Follow(value.Parent);
                break;

            case ForEachStatementSyntax loop when loop.Expression == value:
                Name(loop.Identifier);
                break;

            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable }:
                Name(variable.Identifier);
                break;

            case AssignmentExpressionSyntax assignment when assignment.Right == value:
                Name(assignment.Left switch
                {
                    SimpleNameSyntax name => name.Identifier,
                    MemberAccessExpressionSyntax access => access.Name.Identifier,
                    _ => default,
                });
                break;
        }
    }

    private void Add(InvocationExpressionSyntax call)
    {
        if (!_all.Add(call))
            return;

        // app.Map("/path", branch => ...): what such a call gives to a lambda may be an app too.
        foreach (var argument in call.ArgumentList.Arguments)
        {
            switch (argument.Expression)
            {
                case SimpleLambdaExpressionSyntax lambda:
                    Name(lambda.Parameter.Identifier);
                    break;

                case ParenthesizedLambdaExpressionSyntax lambda:
                    foreach (var parameter in lambda.ParameterList.Parameters)
                        Name(parameter.Identifier);
                    break;
            }
        }

        Follow(call);
    }

    private void Name(SyntaxToken identifier)
    {
        var name = identifier.ValueText;
        if (!string.IsNullOrEmpty(name) && _known.Add(name))
            _names.Enqueue(name);
    }
}
