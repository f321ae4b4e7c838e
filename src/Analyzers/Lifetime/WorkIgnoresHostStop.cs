using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>
/// SHUT115: the program's own work between <c>StartAsync</c> and <c>StopAsync</c>. The host has taken SIGTERM over, and nothing tells the work of it: the program
/// goes on until the kill.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WorkIgnoresHostStop() : ShutdownAnalyzer(Gate.Executable | Gate.Hosting, Descriptor)
{
    /// <summary>The property that holds the name of the host's local; absent where some of the work can't be given a token.</summary>
    internal const string Host = "host";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.WorkIgnoresHostStop,
        Category.Lifetime,
        "The work between StartAsync and StopAsync ignores the host's stop",
        "'{0}' is started by hand and nothing ends this work at SIGTERM: the host takes the signal and the program goes on until it is killed",
        "A started host handles SIGTERM and Ctrl+C: it fires ApplicationStopping and waits for the program to stop it. Work that doesn't watch that token never learns of the signal.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var start in host.HostStarts.All)
            {
                if (start.Tree == file.SemanticModel.SyntaxTree
                    && start is { IsRun: false, IsWaitedFor: false, Escapes: false, Host: { } local, Stop: { } stop }
                    && OperationWalk.FunctionAround(stop) is null
                    && !host.IsForOnePlatform
                    && !KnowsOfTheStop(host)
                    && WorkBetween(host, start.Call, stop) is { Count: > 0 } work
                    && work.FirstOrDefault(one => one.IsLong) is { Call: { } first })
                {
                    var facts = ImmutableDictionary<string, string?>.Empty;
                    if (work.All(one => one.TakesToken))
                        facts = facts.Add(Host, local.Name);
                    file.ReportDiagnostic(Diagnostic.Create(
                        Descriptor,
                        Squiggle.Of(first),
                        [start.Call.Syntax.GetLocation(), stop.Syntax.GetLocation(), .. work.Select(one => one.Call.Syntax.GetLocation())],
                        facts,
                        local.Name));
                }
            }
        });

    /// <summary>Whether anything in the program asks for the stop: it may be what ends the work.</summary>
    private static bool KnowsOfTheStop(HostFacts host)
    {
        foreach (var name in IndexedNames.StopTokens)
        {
            if (host.Index.Any(name))
                return true;
        }

        return host.Signals.HandlesTermination;
    }

    /// <summary>What is awaited, or waited for without end, in the entry point between the start and the stop, and isn't given a token that may fire.</summary>
    private static List<Work> WorkBetween(HostFacts host, IInvocationOperation start, IInvocationOperation stop)
    {
        IOperation body = start;
        while (body.Parent is { } parent)
            body = parent;

        var found = new List<Work>();
        foreach (var operation in OperationWalk.Own(body))
        {
            if (operation is not IInvocationOperation call
                || call.Syntax.SpanStart < start.Syntax.Span.End
                || call.Syntax.Span.End > stop.Syntax.SpanStart
                || host.Types.IsHost(Values.Receiver(call)?.Type)
                || IsGivenToken(host, call))
            {
                continue;
            }

            if (host.ProgramWaits.Endless is { Operation: var endless } && endless.Syntax == call.Syntax)
            {
                found.Add(new(call, IsLong: true, TakesToken(host, call)));
                continue;
            }

            if (!StartedWork.IsTask(call.Type, host) || Values.WalkUp(call) is not IAwaitOperation)
                continue;

            var takesToken = TakesToken(host, call);
            var isLong = OngoingWork.IsLong(host, call) || OngoingWork.IsRepeatedPause(host, call) || (takesToken && IsInLoop(call));
            if (isLong || takesToken)
                found.Add(new(call, isLong, takesToken));
        }

        return found;
    }

    private static bool IsGivenToken(HostFacts host, IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.ArgumentKind == ArgumentKind.Explicit && host.Tokens.IsToken(argument.Value.Type) && !host.Tokens.IsNone(argument.Value))
                return true;
        }

        return false;
    }

    private static bool TakesToken(HostFacts host, IInvocationOperation call) => Waits.TokenFormOf(call, host) is WaitForm.TakesToken or WaitForm.GivenNone;

    private static bool IsInLoop(IInvocationOperation call)
    {
        foreach (var loop in OperationWalk.LoopsAround(call))
        {
            if (loop is IWhileLoopOperation)
                return true;
        }

        return false;
    }

    private readonly record struct Work(IInvocationOperation Call, bool IsLong, bool TakesToken);
}
