using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Times that are written in the source.</summary>
internal static class TimeSpans
{
    /// <summary>How long <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> is.</summary>
    public static readonly TimeSpan Infinite = TimeSpan.FromMilliseconds(-1);

    /// <summary>
    /// The time that <paramref name="value"/> is known to be: a constant number of milliseconds, or a <c>TimeSpan</c> made of constants, also through a local, a
    /// readonly field or a property that is never changed. Null where it isn't known.
    /// </summary>
    public static TimeSpan? ConstantOf(IOperation? value, HostFacts host) => ConstantOf(value, host, 0);

    private static TimeSpan? ConstantOf(IOperation? value, HostFacts host, int depth)
    {
        if (value is null || depth > 5)
            return null;

        value = Values.WalkDown(value);
        if (value.ConstantValue is { HasValue: true, Value: int or long or uint or short or byte })
            return FromMilliseconds(Convert.ToDouble(value.ConstantValue.Value, CultureInfo.InvariantCulture));

        switch (value)
        {
            case IDefaultValueOperation when host.Types.Is(value.Type, KnownType.TimeSpan):
                return TimeSpan.Zero;

            case IFieldReferenceOperation { Field: { IsStatic: true, Name: var name, ContainingType: var owner } } when host.Types.Is(owner, KnownType.TimeSpan) || host.Types.Is(owner, KnownType.Timeout):
                return name switch
                {
                    "Zero" => TimeSpan.Zero,
                    "MaxValue" => TimeSpan.MaxValue,
                    "MinValue" => TimeSpan.MinValue,
                    "InfiniteTimeSpan" => Infinite,
                    _ => null,
                };

            case IFieldReferenceOperation { Field: { IsReadOnly: true, DeclaringSyntaxReferences: [var declaration] } }:
                return Initial(declaration, host, depth);

            case ILocalReferenceOperation { Local: { DeclaringSyntaxReferences: [var declaration] } local } when !host.Index.IsWritten(local):
                return Initial(declaration, host, depth);

            case IInvocationOperation { TargetMethod: { IsStatic: true, Name: var name, ContainingType: var owner } } call when host.Types.Is(owner, KnownType.TimeSpan):
                return FromFactory(name, call);

            case IObjectCreationOperation creation when host.Types.Is(creation.Type, KnownType.TimeSpan):
                return FromConstructor(creation);

            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } negated when ConstantOf(negated.Operand, host, depth + 1) is { } time && time != TimeSpan.MinValue:
                return -time;

            default:
                return null;
        }
    }

    private static TimeSpan? Initial(SyntaxReference declaration, HostFacts host, int depth) =>
        declaration.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } initial }
            ? ConstantOf(host.Index.Operation(initial), host, depth + 1)
            : null;

    private static TimeSpan? FromFactory(string name, IInvocationOperation call)
    {
        var unit = name switch
        {
            "FromMilliseconds" => 1d,
            "FromSeconds" => 1000d,
            "FromMinutes" => 60_000d,
            "FromHours" => 3_600_000d,
            "FromDays" => 86_400_000d,
            _ => 0d,
        };
        if (unit == 0)
            return null;

        // FromSeconds(1, milliseconds: 500): the parts after the first are seldom given; then the value isn't known.
        double? total = null;
        foreach (var argument in call.Arguments)
        {
            if (Number(argument.Value) is not { } number)
                return null;
            if (argument.Parameter?.Ordinal == 0)
                total = number * unit;
            else if (number != 0)
                return null;
        }

        return total is { } milliseconds ? FromMilliseconds(milliseconds) : null;
    }

    private static TimeSpan? FromConstructor(IObjectCreationOperation creation)
    {
        var parts = new double[creation.Arguments.Length];
        foreach (var argument in creation.Arguments)
        {
            if (argument.Parameter is not { } parameter || Number(argument.Value) is not { } number)
                return null;
            parts[parameter.Ordinal] = number;
        }

        return parts.Length switch
        {
            0 => TimeSpan.Zero,
            1 => TimeSpan.FromTicks((long)parts[0]),
            3 => FromMilliseconds((parts[0] * 3600 + parts[1] * 60 + parts[2]) * 1000),
            4 => FromMilliseconds((parts[0] * 86400 + parts[1] * 3600 + parts[2] * 60 + parts[3]) * 1000),
            5 => FromMilliseconds((parts[0] * 86400 + parts[1] * 3600 + parts[2] * 60 + parts[3]) * 1000 + parts[4]),
            _ => null,
        };
    }

    private static double? Number(IOperation value) =>
        value.ConstantValue is { HasValue: true, Value: int or long or double or float or uint or short or byte }
            ? Convert.ToDouble(value.ConstantValue.Value, CultureInfo.InvariantCulture)
            : null;

    private static TimeSpan? FromMilliseconds(double milliseconds) =>
        Math.Abs(milliseconds) < TimeSpan.MaxValue.TotalMilliseconds ? TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond)) : null;
}
