using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT209: a shutdown timeout that can't be meant: none at all, without end, set twice, or less than the drain's own options need.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ShutdownTimeoutUnsafe() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    /// <summary>The property that holds the smallest sufficient time in milliseconds; absent where none is known.</summary>
    internal const string Needed = "needed";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.ShutdownTimeoutUnsafe,
        Category.HostedServices,
        "The shutdown timeout can't be meant",
        "'ShutdownTimeout' is {0}",
        "The shutdown timeout is the time that the host's stop may take. Zero cuts every request and service off at once, and without an end the process is killed by its platform.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var timeout in host.ShutdownTimeouts.All)
            {
                if (timeout.Value.Syntax.SyntaxTree == file.SemanticModel.SyntaxTree && timeout.Time is { } time && DefectOf(timeout, time, host) is { } defect)
                    file.ReportDiagnostic(Diagnostic.Create(Descriptor, timeout.Value.Syntax.GetLocation(), Facts(time, host), defect));
            }
        });

    private static string? DefectOf(ShutdownTimeout timeout, TimeSpan time, HostFacts host)
    {
        if (time == TimeSpans.Infinite || time == TimeSpan.MaxValue)
            return "infinite: a service that never stops holds the process until its platform kills it";
        if (time == TimeSpan.Zero)
            return "zero: every request and every service is cut off at once";
        if (time < TimeSpan.Zero)
            return "negative: the host's stop throws";
        if (host.ShutdownTimeouts.Needed is { } needed && time < needed)
            return $"{Seconds(time)}, less than the {Seconds(needed)} that the drain's request and cleanup timeouts add up to: the drain raises it to that";
        return EarlierThan(timeout, host) is { } earlier ? $"set to {Seconds(time)} here and to {Seconds(earlier)} before: the later one wins" : null;
    }

    /// <summary>Another time that the same code sets first, for the same host.</summary>
    private static TimeSpan? EarlierThan(ShutdownTimeout timeout, HostFacts host)
    {
        if (!timeout.IsAlways || host.Builds.All.Count > 1)
            return null;

        foreach (var other in host.ShutdownTimeouts.All)
        {
            if (other is { IsAlways: true, Time: { } time }
                && time != timeout.Time
                && other.Value.Syntax.SyntaxTree == timeout.Value.Syntax.SyntaxTree
                && other.Value.Syntax.SpanStart < timeout.Value.Syntax.SpanStart
                && SymbolEqualityComparer.Default.Equals(host.Index.EnclosingMethod(other.Value.Syntax), host.Index.EnclosingMethod(timeout.Value.Syntax)))
            {
                return time;
            }
        }

        return null;
    }

    private static ImmutableDictionary<string, string?> Facts(TimeSpan time, HostFacts host)
    {
        var facts = ImmutableDictionary<string, string?>.Empty;
        var isTooShort = time < host.ShutdownTimeouts.Needed || time == TimeSpan.MaxValue;
        return isTooShort ? facts.Add(Needed, host.ShutdownTimeouts.Needed?.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)) : facts;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";
}
