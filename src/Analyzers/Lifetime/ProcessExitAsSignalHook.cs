using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>
/// SHUT104: a program that counts on <c>ProcessExit</c> or <c>Unloading</c> to learn of SIGTERM. Since .NET 10 neither is raised by
/// the signal: without a host or a signal registration the process is gone at once.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ProcessExitAsSignalHook() : ShutdownAnalyzer(Gate.Executable | Gate.Signals, Descriptor)
{
    /// <summary>The property that says whether the handler waits for the program's end: then it can't simply be moved.</summary>
    internal const string Waits = "waits";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.ProcessExitAsSignalHook,
        Category.Lifetime,
        "ProcessExit is not raised by SIGTERM",
        "'{0}' is this program's only way to learn of SIGTERM, and the signal doesn't raise it: the handler never runs and the process dies with its work cut off",
        "Since .NET 10 the runtime doesn't handle SIGTERM by itself. ProcessExit and Unloading are raised when Main ends or Environment.Exit is called, not by the signal, which kills a plain process at once and may do nothing to one that is PID 1 of a container.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var hook in host.Signals.ExitHooks)
            {
                if (hook.Tree != file.SemanticModel.SyntaxTree
                    || hook.Handler is not { } handler
                    || host.Signals.HandlesTermination
                    || !host.Signals.IsStopHook(hook)
                    || host.Running.Any
                    || host.IsForOnePlatform)
                {
                    continue;
                }

                var properties = ImmutableDictionary<string, string?>.Empty;
                if (StopRequests.Of(host, handler).Blocks)
                    properties = properties.Add(Waits, "true");
                file.ReportDiagnostic(Diagnostic.Create(
                    Descriptor,
                    hook.Event.Syntax.GetLocation(),
                    [hook.Subscription.Syntax.GetLocation()],
                    properties,
                    $"{hook.Event.Event.ContainingType.Name}.{hook.Event.Event.Name}"));
            }
        });
}
