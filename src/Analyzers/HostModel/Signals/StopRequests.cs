using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What a signal handler or exit hook does about the program's stop; methods of this compilation that it calls belong to it.</summary>
internal sealed class StopRequests
{
    private const int DeepestCall = 4;

    private readonly HostFacts _host;
    private readonly HashSet<ISymbol> _seen = new(SymbolEqualityComparer.Default);
    private readonly List<ISymbol> _written = [];
    private readonly HashSet<ISymbol> _read = new(SymbolEqualityComparer.Default);
    private readonly List<ISymbol> _targets = [];

    private StopRequests(HostFacts host) => _host = host;

    /// <summary>What the handler cancels, sets or completes: sources, events, flags; empty where it asks for no stop.</summary>
    public IReadOnlyList<ISymbol> Targets => _targets;

    /// <summary>Whether it cancels, sets or completes something that other code waits for, or starts a stop that it doesn't wait for.</summary>
    public bool Asks { get; private set; }

    /// <summary>The name of what is asked first, for a message; null where it has none.</summary>
    public string? FirstTarget { get; private set; }

    /// <summary>Whether it stops something itself (<c>server.Stop()</c>).</summary>
    public bool Stops { get; private set; }

    /// <summary>Whether it blocks: until the stop is done, as far as can be seen.</summary>
    public bool Blocks { get; private set; }

    /// <summary>Whether it blocks on an event or a thread of the program's own, not on a task of its own making.</summary>
    public bool WaitsForProgram { get; private set; }

    /// <summary>Whether it ends the process itself.</summary>
    public bool EndsProcess { get; private set; }

    public static StopRequests Of(HostFacts host, DelegateBody handler)
    {
        var requests = new StopRequests(host);
        requests.Read(handler, DeepestCall, blocking: true);
        requests.AddFlags();
        return requests;
    }

    // "if (done) return; done = true;" is a guard; a flag that a loop elsewhere asks is a wish.
    private void AddFlags()
    {
        foreach (var flag in _written)
        {
            if (!_read.Contains(flag) && EndsSomeLoop(flag))
                Ask(flag);
        }
    }

    private bool EndsSomeLoop(ISymbol flag)
    {
        foreach (var use in _host.Index.Uses(flag.Name))
        {
            if (DecidesLoop(use) && SymbolEqualityComparer.Default.Equals(_host.Index.Symbol(use), flag))
                return true;
        }

        return false;
    }

    // while (running), or inside of a loop: if (stopping) break;
    private static bool DecidesLoop(SyntaxNode use)
    {
        for (SyntaxNode child = use, node = use.Parent!; node is not null and not MemberDeclarationSyntax; child = node, node = node.Parent!)
        {
            switch (node)
            {
                case WhileStatementSyntax loop when child == loop.Condition:
                case DoStatementSyntax doLoop when child == doLoop.Condition:
                case ForStatementSyntax forLoop when child == forLoop.Condition:
                    return true;

                case IfStatementSyntax branch when child == branch.Condition:
                    return Leaves(branch.Statement) && IsInLoop(branch);
            }
        }

        return false;
    }

    private static bool Leaves(StatementSyntax statement) => statement switch
    {
        BlockSyntax { Statements: [.., var last] } => Leaves(last),
        BreakStatementSyntax or ReturnStatementSyntax or ThrowStatementSyntax or GotoStatementSyntax => true,
        _ => false,
    };

    private static bool IsInLoop(SyntaxNode node)
    {
        foreach (var ancestor in node.Ancestors())
        {
            switch (ancestor)
            {
                case WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax:
                    return true;
                case MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax:
                    return false;
            }
        }

        return false;
    }

    private void Read(DelegateBody body, int depth, bool blocking)
    {
        if (!_seen.Add(body.Method))
            return;

        foreach (var operation in body.Operation.Descendants())
        {
            switch (operation)
            {
                case IInvocationOperation call:
                    Read(call, depth, blocking && !IsInNestedFunction(call, body.Operation));
                    break;

                case IMethodReferenceOperation reference when depth > 0 && DelegateBody.Of(_host, reference.Method) is { } handedOn:
                    Read(handedOn, depth - 1, blocking: false);
                    break;

                case IPropertyReferenceOperation { Property: { Name: "Result", ContainingType.Name: "Task" or "ValueTask" } } when blocking && !IsInNestedFunction(operation, body.Operation):
                    Blocks = true;
                    break;

                case IFieldReferenceOperation or ILocalReferenceOperation or IPropertyReferenceOperation when operation.Type?.SpecialType == SpecialType.System_Boolean:
                    NoteFlag(operation, body.Method);
                    break;
            }
        }
    }

    private void NoteFlag(IOperation use, IMethodSymbol handler)
    {
        if (Values.SymbolOf(use) is not { } flag
            || flag is ILocalSymbol local && SymbolEqualityComparer.Default.Equals(local.ContainingSymbol, handler)
            || flag.ContainingAssembly is { } assembly && !SymbolEqualityComparer.Default.Equals(assembly, _host.Compilation.Assembly))
        {
            return;
        }

        if (use.Parent is ISimpleAssignmentOperation { Value.ConstantValue.HasValue: true } assignment && assignment.Target == use)
            _written.Add(flag);
        else
            _read.Add(flag);
    }

    private void Read(IInvocationOperation call, int depth, bool blocking)
    {
        var method = call.TargetMethod;
        switch (method.Name)
        {
            case "Cancel" or "CancelAsync" or "CancelAfter" when method.ContainingType.Name == "CancellationTokenSource":
            case "Set" when method.ContainingType.Name is "EventWaitHandle" or "ManualResetEventSlim":
            case "Release" when method.ContainingType.Name is "SemaphoreSlim" or "Semaphore":
            case "Signal" when method.ContainingType.Name == "CountdownEvent":
            case "SetResult" or "TrySetResult" or "SetCanceled" or "TrySetCanceled" or "SetException" or "TrySetException" when method.ContainingType.Name == "TaskCompletionSource":
            case "Complete" or "TryComplete" when method.ContainingType.Name == "ChannelWriter":
            case "CompleteAdding" when method.ContainingType.Name == "BlockingCollection":
                Ask(Values.SymbolOf(Values.Receiver(call)));
                return;

            case "Exit" or "FailFast" when method.ContainingType is { Name: "Environment", ContainingNamespace.Name: "System" }:
            case "Kill" when method.ContainingType is { Name: "Process", ContainingNamespace.Name: "Diagnostics" }
                && call.Instance is IInvocationOperation { TargetMethod.Name: "GetCurrentProcess" }:
                EndsProcess = true;
                return;

            case "Wait" or "WaitOne" or "WaitAll" or "WaitAny" or "Join" or "Sleep" or "GetResult" or "SpinUntil" or "SignalAndWait"
                when IsThreading(method.ContainingType):
                Blocks |= blocking;
                WaitsForProgram |= blocking && method.ContainingType.Name is "WaitHandle" or "ManualResetEventSlim" or "SemaphoreSlim" or "CountdownEvent" or "Thread" && method.Name != "Sleep";
                return;
        }

        if (IsStop(method))
        {
            // A task that nobody waits for is a wish; a call that returns when all is stopped is the stop.
            if (IsTask(method.ReturnType))
                StopStarted(call);
            Stops = true;
        }

        if (depth > 0 && DelegateBody.Of(_host, method) is { } called)
            Read(called, depth - 1, blocking);
    }

    private void StopStarted(IInvocationOperation call)
    {
        for (IOperation? current = call.Parent; current is IConversionOperation or IParenthesizedOperation or IInvocationOperation or IPropertyReferenceOperation; current = current.Parent)
        {
            // server.StopAsync().Wait(), .GetAwaiter().GetResult(), .Result
            if (current is IInvocationOperation { TargetMethod.Name: "Wait" or "GetResult" } or IPropertyReferenceOperation { Property.Name: "Result" })
                return;
        }

        if (call.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "WaitAll" or "WaitAny" } })
            return;
        Ask(Values.SymbolOf(Values.Receiver(call)));
    }

    private void Ask(ISymbol? target)
    {
        Asks = true;
        if (target is null)
            return;

        FirstTarget ??= target.Name;
        _targets.Add(target);
    }

    private static bool IsStop(IMethodSymbol method)
    {
        if (method.Name is not ("Stop" or "StopAsync" or "Shutdown" or "ShutdownAsync" or "ShutDown" or "ShutDownAsync" or "StopApplication"))
            return false;

        // Stopwatch, Timer: they measure, they don't serve.
        return method.ContainingType.Name is not ("Stopwatch" or "Timer" or "Activity" or "PeriodicTimer");
    }

    private static bool IsTask(ITypeSymbol type) => type.Name is "Task" or "ValueTask";

    private static bool IsThreading(INamedTypeSymbol type)
    {
        for (var space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            // System.Threading, System.Threading.Tasks and the awaiters in System.Runtime.CompilerServices.
            if (space.Name is "Threading" or "CompilerServices")
                return true;
        }

        return false;
    }

    private static bool IsInNestedFunction(IOperation operation, IOperation body)
    {
        for (var current = operation.Parent; current is not null && current != body; current = current.Parent)
        {
            if (current is IAnonymousFunctionOperation or ILocalFunctionOperation)
                return true;
        }

        return false;
    }
}
