using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>One place that sets the host's shutdown timeout.</summary>
/// <param name="Value">The expression that it is set to.</param>
/// <param name="Time">The time, where it is constant.</param>
/// <param name="IsAlways">Whether it is set under no condition.</param>
internal sealed record ShutdownTimeout(IOperation Value, TimeSpan? Time, bool IsAlways);

/// <summary>What the compilation sets <c>HostOptions.ShutdownTimeout</c> to, and what the drain's options need.</summary>
internal sealed class ShutdownTimeouts
{
    /// <summary>What the drain adds to its own timeouts for all that no other part pays for.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan DefaultRequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultCleanupTimeout = TimeSpan.FromSeconds(5);

    private readonly HostFacts _host;
    private readonly List<ShutdownTimeout> _all = [];

    public ShutdownTimeouts(HostFacts host)
    {
        _host = host;
        foreach (var use in host.Index.Uses("ShutdownTimeout"))
        {
            if (OptionSettings.At(host, use, KnownType.HostOptions) is { Value: var value })
                Note(value);
        }

        foreach (var syntax in host.Index.Invocations("UseShutdownTimeout"))
        {
            if (host.Index.Operation(syntax) is IInvocationOperation call && host.Types.Inherits(Values.Receiver(call)?.Type, KnownType.IWebHostBuilder))
            {
                foreach (var argument in call.Arguments)
                {
                    if (host.Types.Is(argument.Parameter?.Type, KnownType.TimeSpan))
                        Note(argument.Value);
                }
            }
        }

        Needed = Sum();
    }

    public IReadOnlyList<ShutdownTimeout> All => _all;

    /// <summary>What the drain needs of the host's stop with the options that this compilation sets; null where it sets none, or not to a constant.</summary>
    public TimeSpan? Needed { get; }

    private void Note(IOperation value) => _all.Add(new(value, TimeSpans.ConstantOf(value, _host), IsAlways(value.Syntax)));

    private TimeSpan? Sum()
    {
        if (_host.DrainCalls.All.Count != 1)
            return null;

        var request = _host.DrainCalls.ValuesOf("RequestTimeout").ToList();
        var cleanup = _host.DrainCalls.ValuesOf("CleanupTimeout").ToList();
        if (request.Count + cleanup.Count == 0
            || !TryGetOnly(request, DefaultRequestTimeout, out var requestTime)
            || !TryGetOnly(cleanup, DefaultCleanupTimeout, out var cleanupTime))
        {
            return null;
        }

        return requestTime + cleanupTime + Margin;
    }

    private bool TryGetOnly(List<IOperation> values, TimeSpan otherwise, out TimeSpan time)
    {
        var known = values.Count == 0 ? otherwise : values is [var only] ? TimeSpans.ConstantOf(only, _host) : null;
        time = known ?? default;

        // A time that the runtime refuses at start adds up to nothing.
        return known is { } value && value >= TimeSpan.Zero && value < TimeSpan.FromDays(1);
    }

    private static bool IsAlways(SyntaxNode value)
    {
        foreach (var ancestor in value.Ancestors())
        {
            if (ancestor is IfStatementSyntax or ElseClauseSyntax or SwitchSectionSyntax or ConditionalExpressionSyntax or SwitchExpressionSyntax or CatchClauseSyntax)
                return false;
            if (ancestor is MemberDeclarationSyntax)
                return true;
        }

        return true;
    }
}
