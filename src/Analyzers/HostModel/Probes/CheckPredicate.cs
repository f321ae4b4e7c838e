using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Which checks a health endpoint runs: the <c>Predicate</c> of its options, worked out for one check at a time.</summary>
internal sealed class CheckPredicate
{
    private readonly HostFacts _host;
    private readonly IOperation? _body;
    private readonly ISymbol? _parameter;
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    private CheckPredicate(HostFacts host, bool isKnown, IOperation? body, ISymbol? parameter, bool isOnlyOption)
    {
        _host = host;
        _body = body;
        _parameter = parameter;
        IsKnown = isKnown;
        IsOnlyOption = isOnlyOption;
        if (body is null)
            return;

        foreach (var inner in body.DescendantsAndSelf())
        {
            if (inner.Syntax is ExpressionSyntax && inner.Type?.SpecialType == SpecialType.System_String && Texts.Of(host, inner) is { } text)
                _texts.Add(text);
        }
    }

    /// <summary>Whether the options could be read.</summary>
    public bool IsKnown { get; }

    /// <summary>Whether every check is run.</summary>
    public bool IsAll => IsKnown && _body is null;

    /// <summary>Whether the options say nothing but which checks are run.</summary>
    public bool IsOnlyOption { get; }

    /// <summary>The strings that the predicate compares with: candidates for a tag that it selects.</summary>
    public IEnumerable<string> Strings => _texts;

    /// <summary>Reads the options of a <c>MapHealthChecks</c> or <c>UseHealthChecks</c> call.</summary>
    public static CheckPredicate Of(HostFacts host, IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Name == "options" || host.Types.Is(argument.Parameter?.Type, KnownType.HealthCheckOptions))
                return OfOptions(host, argument.Value);
        }

        return new(host, isKnown: true, null, null, isOnlyOption: true);
    }

    /// <summary>Whether a check of that name and those tags is run; null where it can't be known.</summary>
    public bool? Selects(string? name, IReadOnlyList<string>? tags)
    {
        if (!IsKnown)
            return null;

        return _body is null ? true : Truth(_body, new Candidate(name, tags), 0);
    }

    private static CheckPredicate OfOptions(HostFacts host, IOperation options)
    {
        var unknown = new CheckPredicate(host, isKnown: false, null, null, isOnlyOption: false);
        var value = Values.WalkDown(options);
        IOperation? predicate = null;
        var others = 0;

        if (value is ILocalReferenceOperation { Local: var local })
        {
            // options.Predicate = ... in a statement of its own.
            foreach (var use in host.Index.UsesOfLocal(local))
            {
                if (use.Parent is IPropertyReferenceOperation { Property.Name: var property, Parent: ISimpleAssignmentOperation assignment } reference && assignment.Target == reference)
                {
                    if (property == "Predicate")
                        predicate = assignment.Value;
                    else
                        others++;
                }
            }
        }

        if (value is not IObjectCreationOperation)
        {
            if (Texts.Definition(host, value) is { } definition)
                value = definition;
            else if (value is IInvocationOperation { TargetMethod: var factory } && Returned(host, factory) is { } returned)
                value = returned;
        }

        if (value is not IObjectCreationOperation { Arguments.Length: 0 } creation || !host.Types.Is(creation.Type, KnownType.HealthCheckOptions))
            return value is { ConstantValue: { HasValue: true, Value: null } } ? new(host, true, null, null, true) : unknown;

        foreach (var initializer in creation.Initializer?.Initializers ?? System.Collections.Immutable.ImmutableArray<IOperation>.Empty)
        {
            if (initializer is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: "Predicate" } } assignment)
                predicate ??= assignment.Value;
            else
                others++;
        }

        if (predicate is null)
            return new(host, isKnown: true, null, null, others == 0);

        var function = Values.WalkDown(predicate);
        if (function.ConstantValue is { HasValue: true, Value: null })
            return new(host, isKnown: true, null, null, others == 0);

        for (var depth = 0; depth < 4 && function is not IDelegateCreationOperation && Texts.Definition(host, function) is { } definition; depth++)
            function = definition;

        var (body, parameter) = function switch
        {
            IDelegateCreationOperation { Target: IAnonymousFunctionOperation { Body: var block, Symbol.Parameters: [var only] } } => (Single(block), only),
            IDelegateCreationOperation { Target: IMethodReferenceOperation { Method: { Parameters: [var only] } method } } => (Returned(host, method), only),
            _ => (null, (IParameterSymbol?)null),
        };
        return body is null ? unknown : new(host, isKnown: true, body, parameter, others == 0);
    }

    private static IOperation? Returned(HostFacts host, IMethodSymbol method) =>
        host.IsInSource(method) && method.DeclaringSyntaxReferences is [var declaration] ? Single(Bodies.Of(host, declaration.GetSyntax())) : null;

    // The one value that a body returns.
    private static IOperation? Single(IOperation? body) => body switch
    {
        IBlockOperation { Operations: [IReturnOperation { ReturnedValue: { } value }] } => value,
        IBlockOperation { Operations: [IReturnOperation { ReturnedValue: { } value }, ..] } => value,
        _ => null,
    };

    private bool? Truth(IOperation value, Candidate check, int depth)
    {
        value = Values.WalkDown(value);
        if (value.ConstantValue is { HasValue: true, Value: bool constant })
            return constant;

        if (depth > 16)
            return null;

        switch (value)
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                return !Truth(not.Operand, check, depth + 1);

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And } and:
                return And(Truth(and.LeftOperand, check, depth + 1), Truth(and.RightOperand, check, depth + 1));

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or } or:
                return !And(!Truth(or.LeftOperand, check, depth + 1), !Truth(or.RightOperand, check, depth + 1));

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equals:
                return Equality(equals, check, depth);

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.NotEquals } different:
                return !Equality(different, check, depth);

            case IBinaryOperation { OperatorKind: BinaryOperatorKind.GreaterThan, LeftOperand: var left, RightOperand.ConstantValue: { HasValue: true, Value: 0 } }
                when Values.WalkDown(left) is IPropertyReferenceOperation { Property.Name: "Count", Instance: { } counted } && IsTags(counted):
                return check.Tags is null ? null : check.Tags.Count > 0;

            case IIsPatternOperation { Pattern: IConstantPatternOperation { Value: var expected } } pattern:
                return Same(TextOf(pattern.Value, check), TextOf(expected, check));

            case ICoalesceOperation coalesce:
                return Truth(coalesce.Value, check, depth + 1);

            case IConditionalAccessOperation access:
                return Truth(access.WhenNotNull, check, depth + 1);

            case IInvocationOperation call:
                return Call(call, check, depth);

            default:
                return null;
        }
    }

    private bool? Equality(IBinaryOperation comparison, Candidate check, int depth)
    {
        // "== true" after a conditional access.
        if (Values.WalkDown(comparison.RightOperand).ConstantValue is { HasValue: true, Value: bool expected })
            return Truth(comparison.LeftOperand, check, depth + 1) is { } truth ? truth == expected : null;

        return Same(TextOf(comparison.LeftOperand, check), TextOf(comparison.RightOperand, check));
    }

    private bool? Call(IInvocationOperation call, Candidate check, int depth)
    {
        var receiver = Values.Receiver(call);
        var argument = call.Arguments.LastOrDefault(candidate => candidate.Parameter?.Type.SpecialType == SpecialType.System_String
            || candidate.Parameter?.Type.OriginalDefinition.TypeKind == TypeKind.Delegate
            || candidate.Value.Type?.SpecialType == SpecialType.System_String)?.Value;

        if (receiver is not null && IsTags(receiver))
        {
            switch (call.TargetMethod.Name)
            {
                case "Contains" when argument is not null && TextOf(argument, check) is { } tag:
                    return check.Tags is null ? null : check.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase);
                case "Any" when argument is null:
                    return check.Tags is null ? null : check.Tags.Count > 0;
                case "Any" when Values.WalkDown(argument!) is IDelegateCreationOperation { Target: IAnonymousFunctionOperation { Symbol.Parameters: [var each], Body: var body } }:
                    return check.Tags is null || Single(body) is not { } condition ? null : AnyTag(condition, each, check, depth);
            }

            return null;
        }

        // Name.StartsWith("x"), string.Equals(name, "x"), ["ready", "all"].Contains(tag)
        if (receiver is not null && argument is not null && TextOf(receiver, check) is { } text && TextOf(argument, check) is { } part)
        {
            return call.TargetMethod.Name switch
            {
                "Equals" => Same(text, part),
                "StartsWith" => text.StartsWith(part, StringComparison.OrdinalIgnoreCase),
                "EndsWith" => text.EndsWith(part, StringComparison.OrdinalIgnoreCase),
                "Contains" => text.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0,
                _ => null,
            };
        }

        if (call.TargetMethod is { Name: "Equals", IsStatic: true } && call.Arguments.Length >= 2)
            return Same(TextOf(call.Arguments[0].Value, check), TextOf(call.Arguments[1].Value, check));

        return null;
    }

    private bool? AnyTag(IOperation condition, ISymbol each, Candidate check, int depth)
    {
        bool? any = false;
        foreach (var tag in check.Tags!)
        {
            var one = Truth(condition, check with { Each = each, EachTag = tag }, depth + 1);
            if (one == true)
                return true;
            any = one is null ? null : any;
        }

        return any;
    }

    private bool IsTags(IOperation value) =>
        Values.WalkDown(value) switch
        {
            IPropertyReferenceOperation { Property.Name: "Tags", Instance: { } instance } => IsCheck(instance),
            IConditionalAccessInstanceOperation instance => instance.Syntax is ExpressionSyntax { } syntax && syntax.ToString().EndsWith(".Tags", StringComparison.Ordinal),
            _ => false,
        };

    private bool IsCheck(IOperation value) =>
        Values.WalkDown(value) is IParameterReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Parameter, _parameter);

    private string? TextOf(IOperation value, Candidate check)
    {
        value = Values.WalkDown(value);
        return value switch
        {
            IParameterReferenceOperation { Parameter: var parameter } when SymbolEqualityComparer.Default.Equals(parameter, check.Each) => check.EachTag,
            IPropertyReferenceOperation { Property.Name: "Name", Instance: { } instance } when IsCheck(instance) => check.Name,
            _ => Texts.Of(_host, value),
        };
    }

    private static bool? Same(string? left, string? right) =>
        left is null || right is null ? null : string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static bool? And(bool? left, bool? right) =>
        left == false || right == false ? false : left is null || right is null ? null : true;

    private sealed record Candidate(string? Name, IReadOnlyList<string>? Tags)
    {
        public ISymbol? Each { get; init; }

        public string? EachTag { get; init; }
    }
}
