using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Work that a handler starts and leaves alone.</summary>
/// <param name="Started">The call that starts it; inside of what discards it.</param>
/// <param name="Site">The handler.</param>
internal sealed record RequestWork(IInvocationOperation Started, RunSite Site);

/// <summary>Finds work that outlives its request and that nobody waits for.</summary>
internal sealed class RequestWorks(HostFacts host)
{
    // Calls whose task is no work of their own.
    private static readonly string[] Trivial =
        ["FromResult", "FromException", "FromCanceled", "CancelAsync", "Cancel", "CancelAfter", "Dispose", "DisposeAsync", "TrySetResult", "TrySetCanceled", "TrySetException", "SetResult", "Complete", "TryComplete", "CompleteAsync", "Delay", "Release"];

    // What ends the program, or hands the work to something with a stop of its own.
    private static readonly string[] Stops = ["StopApplication", "Exit", "FailFast", "Shutdown", "ShutdownAsync", "Restart", "RestartAsync", "StopAsync", "Kill"];

    private static readonly string[] Queues = ["Enqueue", "Queue", "Schedule", "Publish", "TryWrite"];

    private readonly RequestTokens _tokens = new(host);

    /// <summary>The work that <paramref name="call"/> discards, or null.</summary>
    public RequestWork? Of(IInvocationOperation call)
    {
        if (StartOf(call) is not { } started || IsTrivial(started) || IsHandedOver(started))
            return null;

        if (host.RunSites.Of(call.Syntax) is not { } site || site.By != RunBy.Request || IsInsideWork(call, site))
            return null;

        return IsOfStopOrQueue(call) || IsTiedToRequest(call, started, site) ? null : new(started, site);
    }

    /// <summary>What goes on by itself when <paramref name="call"/> returns; null where nothing does, or somebody keeps it.</summary>
    private IInvocationOperation? StartOf(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (method.Name is "QueueUserWorkItem" or "UnsafeQueueUserWorkItem" && host.Types.Is(method.ContainingType, KnownType.ThreadPool))
            return call;

        if (method.ReturnsVoid)
        {
            // task.Forget()
            if (method.IsExtensionMethod && Values.Receiver(call) is IInvocationOperation forgotten && StartedWork.IsTask(forgotten.Type, host))
                return forgotten;

            return IsAsyncVoid(method) ? call : null;
        }

        return StartedWork.IsTask(call.Type, host) && IsDropped(call) ? call : null;
    }

    private bool IsDropped(IInvocationOperation call)
    {
        IOperation value = call;
        while (value.Parent is IConversionOperation or IParenthesizedOperation or IConditionalAccessOperation)
            value = value.Parent;
        return value.Parent switch
        {
            // An expression-bodied lambda or method whose value nobody gets is a statement too.
            IExpressionStatementOperation => true,
            ISimpleAssignmentOperation { Target: IDiscardOperation } assignment => assignment.Value == value,

            // var task = Work(); and nobody asks the local.
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } => !host.Index.UsesOfLocal(local).Any(),
            _ => false,
        };
    }

    private bool IsAsyncVoid(IMethodSymbol method) =>
        method is { IsAsync: true, MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction } && host.IsInSource(method.OriginalDefinition);

    private bool IsTrivial(IInvocationOperation started)
    {
        if (Array.IndexOf(Trivial, started.TargetMethod.Name) >= 0)
            return true;

        // Task.Delay(1000).ContinueWith(_ => source.Cancel()): a timer.
        var functions = started.Arguments.SelectMany(argument => OperationWalk.All(argument.Value)).OfType<IAnonymousFunctionOperation>().ToList();
        return functions.Count > 0 && functions.All(function =>
            OperationWalk.Own(function).OfType<IInvocationOperation>().All(inner => inner.TargetMethod.Name == "ConfigureAwait" || Array.IndexOf(Trivial, inner.TargetMethod.Name) >= 0));
    }

    /// <summary>A queue has readers who know the stop; a message to SignalR's clients is nobody's work.</summary>
    private bool IsHandedOver(IInvocationOperation started)
    {
        var method = started.TargetMethod;
        if (host.Types.Inherits(method.ContainingType, KnownType.ChannelWriter) || host.Types.Inherits(method.ContainingType, KnownType.IGracefulShutdown))
            return true;

        if (IsQueue(method.Name))
            return true;

        var receiver = Values.Receiver(started);
        return method.MethodKind == MethodKind.DelegateInvoke && receiver?.Type?.Name == "RequestDelegate"
            || IsIn(method.ContainingType, "SignalR")
            || IsIn(receiver?.Type, "SignalR");
    }

    private static bool IsQueue(string method) =>
        Queues.Any(name => method.StartsWith(name, StringComparison.Ordinal)) && !method.EndsWith("UserWorkItem", StringComparison.Ordinal);

    private static bool IsIn(ITypeSymbol? type, string part) =>
        type?.ContainingNamespace is { Name: var name, ContainingNamespace: { Name: "AspNetCore" } } && name == part;

    /// <summary>Work that other work starts is reported with that.</summary>
    private bool IsInsideWork(IInvocationOperation call, RunSite site)
    {
        for (var current = call.Parent; current is not null && current.Syntax != site.Root; current = current.Parent)
        {
            if (current is IInvocationOperation outer && StartOf(outer) is not null)
                return true;
        }

        return false;
    }

    /// <summary>Whether the code stops the application, or only puts what is to be done into a queue.</summary>
    private bool IsOfStopOrQueue(IInvocationOperation call)
    {
        foreach (var operation in CodeOf(call))
        {
            if (operation is IInvocationOperation { TargetMethod.Name: var name } inner && (Array.IndexOf(Stops, name) >= 0 || IsHandedOver(inner)))
                return true;
            if (operation is IMethodReferenceOperation { Method.Name: var group } && Array.IndexOf(Stops, group) >= 0)
                return true;
            // Of a call that doesn't compile the name is known.
            if (operation is IInvalidOperation { Syntax: InvocationExpressionSyntax unbound } && SourceIndex.NameOf(unbound) is var unknown && (Array.IndexOf(Stops, unknown) >= 0 || IsQueue(unknown)))
                return true;
        }

        return false;
    }

    /// <summary>The call with the code that it runs, one level deep.</summary>
    private IEnumerable<IOperation> CodeOf(IInvocationOperation call)
    {
        foreach (var operation in OperationWalk.All(call))
        {
            yield return operation;

            var method = operation switch
            {
                IInvocationOperation { TargetMethod: var called } => called,
                IMethodReferenceOperation { Method: var referenced } => referenced,
                _ => null,
            };
            if (method is null)
                continue;

            foreach (var behind in Function.Behind(host, method))
            {
                foreach (var inner in OperationWalk.All(Function.Of(host, behind)?.Body))
                    yield return inner;
            }
        }
    }

    private bool IsTiedToRequest(IInvocationOperation call, IInvocationOperation started, RunSite site)
    {
        foreach (var operation in OperationWalk.All(call))
        {
            // Its token fires when the client leaves: it isn't meant to outlive the request.
            if (host.Tokens.IsTokenOrSource(operation.Type) && operation is IParameterReferenceOperation or ILocalReferenceOperation or IPropertyReferenceOperation)
            {
                var origins = new TokenOrigins();
                _tokens.Follow(operation, null, origins);
                if (origins.OfRequest.Count > 0)
                    return true;
            }

            if (operation is ILocalReferenceOperation { Local: var local } && IsShared(local, call))
                return true;

            // It writes the response itself, or goes on with the request's socket.
            if (operation is IPropertyReferenceOperation { Property.Name: "Response" } response && host.Handlers.IsRequest(response.Property.ContainingType))
                return true;
        }

        return Values.Receiver(started) is { } receiver && (host.Handlers.IsRequest(receiver.Type) || host.Types.Inherits(receiver.Type, KnownType.WebSocket)) || IsStreaming(call, site);
    }

    /// <summary>A pipe, a channel or a signal by which the handler goes on with what the work does.</summary>
    private bool IsShared(ILocalSymbol local, IInvocationOperation call)
    {
        if (!IsLink(local.Type))
            return false;

        foreach (var use in host.Index.UsesOfLocal(local))
        {
            if (!call.Syntax.Span.Contains(use.Syntax.Span))
                return true;
        }

        return false;
    }

    private static bool IsLink(ITypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.Name is "Channel" or "ChannelWriter" or "ChannelReader" or "Pipe" or "PipeWriter" or "PipeReader" or "Stream" or "TaskCompletionSource" or "BlockingCollection" or "CountdownEvent" or "ManualResetEventSlim" or "SemaphoreSlim" or "WaitHandle" or "WebSocket" or "Process")
                return true;
        }

        return false;
    }

    // A handler that streams until the client leaves waits beside the work: the work is one half of it.
    private bool IsStreaming(IInvocationOperation call, RunSite site)
    {
        if (host.Index.Operation(site.Root) is not { } function)
            return false;

        foreach (var operation in OperationWalk.Own(function))
        {
            if (operation is ILoopOperation loop && !call.Syntax.Span.Contains(loop.Syntax.Span) && host.Streams.OfLoop(loop) is { Kind: StreamKind.WebSocket })
                return true;
        }

        return false;
    }
}
