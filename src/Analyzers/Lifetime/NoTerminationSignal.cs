using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>
/// SHUT102: a program without a host that serves or waits for ever and doesn't handle SIGTERM. The signal kills it at once; as PID 1 of a container it
/// may never see the signal and is killed when the grace period is over.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NoTerminationSignal() : ShutdownAnalyzer(Gate.Executable | Gate.Signals, Descriptor)
{
    /// <summary>The property that holds what the Ctrl+C handler does to end the wait (<c>cts.Cancel()</c>); its subscription is the first additional location.</summary>
    internal const string EndedBy = "endedBy";

    /// <summary>The property that is there where the loop or wait stands in the entry point itself.</summary>
    internal const string InProgram = "inProgram";

    /// <summary>The property that holds the forms of the waits in the loop, which the other additional locations point to; absent where one of them can't be ended.</summary>
    internal const string Waits = "waits";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.NoTerminationSignal,
        Category.Lifetime,
        "The program runs for ever and doesn't handle SIGTERM",
        "{0} and nothing in the program handles SIGTERM: the signal cuts it off in the middle of its work, or as PID 1 of a container it may be ignored until the kill",
        "Without a host nothing turns SIGTERM into an orderly end: no finally block and no disposal runs. CancelKeyPress is raised by Ctrl+C, not by SIGTERM.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            if (host.EntryPoint is not null
                && !host.Signals.HandlesTermination
                && !host.IsForOnePlatform
                && !host.Running.Any
                && !HasExitHook(host)
                && host.ProgramWaits.Endless is { } wait
                && wait.Tree == file.SemanticModel.SyntaxTree)
            {
                file.ReportDiagnostic(Create(host, wait));
            }
        });

    /// <summary>A hook on the process's end that means to stop the program, or that can't be read, is SHUT104's.</summary>
    private static bool HasExitHook(HostFacts host)
    {
        foreach (var hook in host.Signals.ExitHooks)
        {
            if (hook.Handler is null || host.Signals.IsStopHook(hook))
                return true;
        }

        return false;
    }

    private static Diagnostic Create(HostFacts host, ProgramWait wait)
    {
        var facts = ImmutableDictionary<string, string?>.Empty;
        var places = new List<Location>();
        if (HookOf(host, wait.WaitEnd) is { } hook)
        {
            places.Add(hook.Subscription.Syntax.GetLocation());
            if (CodeOf(wait.WaitEnd.Code!) is { } code)
                facts = facts.Add(EndedBy, code);
        }
        else if (SymbolEqualityComparer.Default.Equals(host.Index.EnclosingMethod(wait.Operation.Syntax), host.EntryPoint) && OperationWalk.FunctionAround(wait.Operation) is null)
        {
            facts = facts.Add(InProgram, "");
            if (WaitsIn(host, wait.Operation, places) is { } forms)
                facts = facts.Add(Waits, forms);
        }

        return Diagnostic.Create(Descriptor, SquiggleOf(wait.Operation), places, facts, Describe(wait));
    }

    private static StopHook? HookOf(HostFacts host, WaitEnd ending)
    {
        if (ending.Code is { } code && host.RunSites.Of(code.Syntax)?.Callback is { } callback)
        {
            foreach (var hook in host.Signals.CancelKeyPress)
            {
                if (hook.Subscription.Syntax == callback.Registration.Syntax)
                    return hook;
            }
        }

        return null;
    }

    /// <summary>The code, where it means the same outside of the handler.</summary>
    private static string? CodeOf(IOperation code) => code.Syntax switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax }, ArgumentList.Arguments: var arguments } call
            when arguments.All(argument => argument.Expression is LiteralExpressionSyntax) => call.WithoutTrivia().ToString(),
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax, Right: LiteralExpressionSyntax } assignment => assignment.WithoutTrivia().ToString(),
        _ => null,
    };

    /// <summary>The forms of the waits in a loop's body, and their places; null where one of them goes on however the loop's condition turns out.</summary>
    private static string? WaitsIn(HostFacts host, IOperation operation, List<Location> places)
    {
        if (operation is not ILoopOperation loop)
            return "";

        var forms = new List<string>();
        foreach (var inner in OperationWalk.Own(loop.Body))
        {
            if (inner is not IInvocationOperation call)
                continue;

            var form = HostModel.Waits.FormOf(call, host);
            if (form == WaitForm.Handle || (form == WaitForm.None && HostModel.Waits.MayBlock(call, host)))
                return null;
            if (form == WaitForm.None)
                continue;

            forms.Add(form.ToString());
            places.Add(call.Syntax.GetLocation());
        }

        return string.Join(",", forms);
    }

    private static Location SquiggleOf(IOperation wait) => wait switch
    {
        ILoopOperation loop => Squiggle.Of(loop),
        IInvocationOperation call => Squiggle.Of(call),
        _ => wait.Syntax.GetLocation(),
    };

    private static string Describe(ProgramWait wait)
    {
        var isLoop = wait.Operation is ILoopOperation;
        if (wait.WaitEnd.By == HostModel.EndedBy.CtrlC)
            return isLoop ? "Only Ctrl+C ends this loop" : "Only Ctrl+C ends this wait";
        return isLoop ? "This loop goes on for ever" : $"'{NameOf(wait.Operation)}' waits for ever";
    }

    private static string NameOf(IOperation wait) => wait switch
    {
        IInvocationOperation { TargetMethod: { IsStatic: true } method } => $"{method.ContainingType.Name}.{method.Name}",
        IInvocationOperation call when Values.SymbolOf(call.Instance) is { } variable => $"{variable.Name}.{call.TargetMethod.Name}",
        IInvocationOperation call => call.TargetMethod.Name,
        var other => other.Syntax.ToString(),
    };
}
