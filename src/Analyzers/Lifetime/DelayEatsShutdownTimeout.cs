using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT110: a drain delay in a callback on <c>ApplicationStopping</c> or in <c>StoppingAsync</c>. It is paid from the shutdown timeout, and requests are reset when that is over.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DelayEatsShutdownTimeout() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    /// <summary>The property that holds the delay in milliseconds; absent where the fix can't move it.</summary>
    internal const string Milliseconds = "milliseconds";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.DelayEatsShutdownTimeout,
        Category.Lifetime,
        "A delay at the stop is paid from the shutdown timeout",
        "The delay in {0} is paid from 'ShutdownTimeout': what it takes, the requests in flight don't have",
        "The shutdown timeout counts from the moment in which the stop begins, so a delay there shortens the time of the requests, and when it is the longer of the two all of them are reset.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var delay in host.StopDelays.All)
            {
                if (delay.Call.Syntax.SyntaxTree == file.SemanticModel.SyntaxTree)
                    file.ReportDiagnostic(Diagnostic.Create(Descriptor, Squiggle.Of(delay.Call), MoreLocations(host), Facts(delay, host), delay.Where));
            }
        });

    /// <summary>The place where the drain's delay can be set: its one registration, else the one host that runs.</summary>
    private static IEnumerable<Location> MoreLocations(HostFacts host)
    {
        if (host.DrainCalls.All is [var only])
            return [only.Syntax.GetLocation()];

        var running = host.Builds.All.Where(build => build.IsRun).ToList();
        return running is [var build] ? [build.Call.Syntax.GetLocation()] : [];
    }

    private static ImmutableDictionary<string, string?> Facts(StopDelay delay, HostFacts host)
    {
        var facts = ImmutableDictionary<string, string?>.Empty;
        var isFree = host.DrainCalls.All.Count == 1 || (host.DrainCalls.All.Count == 0 && !host.Drain.IsRegistered && host.Types.Has(KnownType.GracefulShutdownOptions));
        return delay.Time is { } time && isFree && !host.DrainCalls.ValuesOf("DrainDelay").Any()
            ? facts.Add(Milliseconds, time.TotalMilliseconds.ToString(CultureInfo.InvariantCulture))
            : facts;
    }
}
