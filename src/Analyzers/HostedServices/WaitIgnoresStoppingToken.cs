using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT202: a loop that would end at the stop, if it weren't waiting for something that the stop doesn't end.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WaitIgnoresStoppingToken() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    /// <summary>The property that holds the <see cref="WaitForm"/>.</summary>
    internal const string Form = "form";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.WaitIgnoresStoppingToken,
        Category.HostedServices,
        "A wait in a hosted service's loop ignores the stopping token",
        "'{0}' in the loop of '{1}' isn't ended by the stop: the host waits until it is over, or until the shutdown timeout",
        "A loop that checks its token between two turns still holds the stop for as long as it waits within one. Given the token, the wait ends at once.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var method in host.HostedServices.Running(file.SemanticModel.SyntaxTree))
            {
                foreach (var operation in OperationWalk.All(method.Body))
                {
                    if (operation is IInvocationOperation call && Waits.FormOf(call, host) is var form and not WaitForm.None && IsDeaf(call, form, method, host))
                        Report(file, call, form, method, host);
                }
            }
        });

    private static void Report(SemanticModelAnalysisContext file, IInvocationOperation call, WaitForm form, ServiceMethod method, HostFacts host)
    {
        var token = host.Tokens.InReach(call, method);
        if (token is null && !method.Services[0].IsBackgroundService)
            return;

        var name = ((call.Syntax as InvocationExpressionSyntax)?.Expression as MemberAccessExpressionSyntax)?.Name ?? call.Syntax;
        var type = call.TargetMethod.ContainingType.Name;
        file.ReportDiagnostic(Diagnostic.Create(
            Descriptor, name.GetLocation(), ReachedToken.Facts(token).Add(Form, form.ToString()), $"{type}.{call.TargetMethod.Name}", method.Name));
    }

    private static bool IsDeaf(IInvocationOperation call, WaitForm form, ServiceMethod method, HostFacts host) =>
        IsInLoop(call, method)
        && method.RunsAsWork(call)
        && IsWaitedFor(call, form, host)
        && !IsCleanup(call, form, method, host)
        && !IsWokenOtherwise(call, method, host);

    private static bool IsInLoop(IOperation call, ServiceMethod method)
    {
        var found = false;
        foreach (var loop in OperationWalk.LoopsAround(call))
        {
            found = true;
            foreach (var deaf in method.DeafLoops)
            {
                // One defect, one warning: that loop is SHUT201's.
                if (OperationWalk.Contains(deaf, loop))
                    return false;
            }
        }

        return found;
    }

    /// <summary>Whether the code goes on only when the wait is over, and nothing around the call ends it.</summary>
    private static bool IsWaitedFor(IInvocationOperation call, WaitForm form, HostFacts host)
    {
        IOperation value = call;
        for (var current = call.Parent; current is not null; value = current, current = current.Parent)
        {
            switch (current)
            {
                case IConversionOperation or IParenthesizedOperation or IConditionalAccessOperation:
                    continue;
                case IInvocationOperation outer when outer.Instance == value:
                    if (PassesToken(outer, host))
                        return false;
                    continue;
                case IArgumentOperation { Parameter.Ordinal: 0, Parent: IInvocationOperation { TargetMethod.IsExtensionMethod: true } extension }:
                    if (PassesToken(extension, host))
                        return false;
                    continue;
                case IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "WhenAny" or "WaitAny" } }:
                    // Another task of the race may be the stop's.
                    return false;
                case IAwaitOperation or IForEachLoopOperation:
                    return true;
                case IInvocationOperation extended when extended.TargetMethod.IsExtensionMethod:
                    continue;
                default:
                    return form is WaitForm.Sleep or WaitForm.Handle || !StartedWork.IsTask(call.Type, host) || value is IInvocationOperation { TargetMethod.Name: "Wait" or "GetResult" };
            }
        }

        return true;
    }

    private static bool PassesToken(IInvocationOperation call, HostFacts host)
    {
        foreach (var argument in call.Arguments)
        {
            if (host.Tokens.IsToken(argument.Value.Type) && host.Tokens.MayStop(argument.Value))
                return true;
        }

        return false;
    }

    /// <summary>Cleanup must complete: in a finally, with a deliberate <c>None</c> in a catch, or after the loop that the token ends.</summary>
    private static bool IsCleanup(IInvocationOperation call, WaitForm form, ServiceMethod method, HostFacts host)
    {
        IOperation child = call;
        for (var current = call.Parent; current is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation); child = current, current = current.Parent)
        {
            switch (current)
            {
                case ITryOperation attempt when attempt.Finally == child:
                    return true;
                case ICatchClauseOperation when form == WaitForm.GivenNone:
                    return true;
                case IBlockOperation block when FollowsLoop(block, child, method, host):
                    return true;
            }
        }

        return false;
    }

    private static bool FollowsLoop(IBlockOperation block, IOperation statement, ServiceMethod method, HostFacts host)
    {
        if (block.Parent is ILoopOperation)
            return false;

        foreach (var earlier in block.Operations)
        {
            if (earlier == statement)
                return false;
            var loop = earlier as ILoopOperation ?? (earlier as ITryOperation)?.Body.Operations.FirstOrDefault() as ILoopOperation;
            if (loop is IWhileLoopOperation or IForEachLoopOperation && new Observations(host, method).Any(loop))
                return true;
        }

        return false;
    }

    private static bool IsWokenOtherwise(IInvocationOperation call, ServiceMethod method, HostFacts host)
    {
        var receiver = Values.Receiver(call);
        if (receiver is not null && HostedService.Root(receiver) is { } root && method.IsEndedAtStop(root))
            return true;

        return host.Channels.IsCompletedSomewhere(call) || IsMutex(call, receiver, host);
    }

    /// <summary>A semaphore that the same code releases in a finally is a lock: what it waits for is short.</summary>
    private static bool IsMutex(IInvocationOperation call, IOperation? receiver, HostFacts host)
    {
        if (receiver is null || !host.Types.Is(receiver.Type, KnownType.SemaphoreSlim) || HostedService.Root(receiver) is not { } semaphore)
            return false;

        IOperation function = call;
        while (function.Parent is { } parent && function is not (IAnonymousFunctionOperation or ILocalFunctionOperation))
            function = parent;

        foreach (var operation in OperationWalk.Own(function))
        {
            if (operation is not ITryOperation { Finally: { } cleanup })
                continue;

            foreach (var inner in OperationWalk.Own(cleanup))
            {
                if (inner is IInvocationOperation { TargetMethod.Name: "Release", Instance: { } released } && SymbolEqualityComparer.Default.Equals(HostedService.Root(released), semaphore))
                    return true;
            }
        }

        return false;
    }
}
