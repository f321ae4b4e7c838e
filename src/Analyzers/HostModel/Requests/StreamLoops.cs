using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What goes on until the client leaves.</summary>
internal enum StreamKind
{
    /// <summary>A loop that sends or enumerates without end.</summary>
    Stream,

    /// <summary>A web socket's loop.</summary>
    WebSocket,

    /// <summary>A stream of a gRPC service.</summary>
    Grpc,

    /// <summary>A wait for something that may never come.</summary>
    LongPoll,
}

/// <summary>Which loops end only when the client leaves: by their shape alone, whoever runs them.</summary>
internal sealed class StreamLoops(HostFacts host)
{
    private static readonly string[] Sends = ["WriteAsync", "WriteLineAsync", "WriteAsJsonAsync", "SerializeAsync", "SendAsync", "FlushAsync", "Write", "Flush"];

    /// <summary>What kind of stream the loop is, or null where it ends by itself. An <c>await foreach</c> is judged by what it enumerates, not here.</summary>
    public StreamKind? KindOf(ILoopOperation loop)
    {
        var head = loop switch
        {
            IWhileLoopOperation { Condition: { } condition, ConditionIsUntil: false } => Head.Of(condition, host),
            IForLoopOperation { Condition: var condition } => condition is null ? Head.Endless : Head.Of(condition, host),
            _ => null,
        };
        if (head is null)
            return null;

        if (head.LooksAtSocket || Receives(loop.Body))
            return IsPump(loop) ? null : StreamKind.WebSocket;

        var (leaves, isBounded) = Leaves(loop);
        if (isBounded)
            return null;

        var kind = SendsToGrpc(loop.Body) ? StreamKind.Grpc : StreamKind.Stream;
        if (head.Waits)
            return kind;
        if (!leaves)
            return kind;

        // A loop with a way out of its own: a copy that ends with its source, a retry, or a stream that also ends by itself. It is one when it waits between two turns.
        if (!Waits(loop, out var asksToken))
            return null;
        return SendsSomething(loop.Body) ? kind : head.AsksToken || asksToken ? StreamKind.LongPoll : null;
    }

    /// <summary>Whether the call waits for something that comes from elsewhere, or for time to pass.</summary>
    public bool IsWait(IInvocationOperation call) => call.TargetMethod.Name switch
    {
        "Delay" => host.Types.Is(call.TargetMethod.ContainingType, KnownType.Task),
        "WaitForNextTickAsync" => host.Types.Is(call.TargetMethod.ContainingType, KnownType.PeriodicTimer),
        "ReadAsync" or "WaitToReadAsync" => host.Types.Inherits(call.TargetMethod.ContainingType, KnownType.ChannelReader),
        _ => false,
    };

    private bool Receives(IOperation body)
    {
        foreach (var operation in OperationWalk.Own(body))
        {
            // Also the application's own extension: socket.ReceiveMessageAsync(...).
            if (operation is IInvocationOperation { TargetMethod.Name: var name } call
                && name.StartsWith("Receive", StringComparison.Ordinal)
                && host.Types.Is(Values.Receiver(call)?.Type, KnownType.WebSocket))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A proxy passes on what it gets: it ends when one of the two sides does, and mustn't decide that itself.</summary>
    private bool IsPump(ILoopOperation loop)
    {
        var from = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var to = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var operation in OperationWalk.Own(loop))
        {
            if (operation is not IInvocationOperation { Instance: { } instance, TargetMethod.Name: var name } || !host.Types.Inherits(instance.Type, KnownType.WebSocket) || Values.SymbolOf(instance) is not { } socket)
                continue;
            if (name == "ReceiveAsync")
                from.Add(socket);
            else if (name == "SendAsync" && !IsOfForEach(socket))
                to.Add(socket);
        }

        to.ExceptWith(from);
        if (to.Count > 0)
            return true;

        var member = loop.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        if (member is null)
            return false;
        foreach (var node in member.DescendantNodes())
        {
            if (node is SimpleNameSyntax { Identifier.ValueText: "ClientWebSocket" })
                return true;
        }

        return false;
    }

    private static bool IsOfForEach(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences is [var declaration] && declaration.GetSyntax() is ForEachStatementSyntax or SingleVariableDesignationSyntax;

    /// <summary>Whether the loop has a way out that isn't the client's leaving, and whether that is a count or a clock.</summary>
    private (bool Leaves, bool IsBounded) Leaves(ILoopOperation loop)
    {
        var leaves = false;
        foreach (var operation in OperationWalk.Own(loop.Body))
        {
            if (operation.Kind is OperationKind.YieldReturn || !Loops.Leaves(operation, loop, host))
                continue;

            var (isCancelled, isBounded) = ReasonOf(operation, loop);
            if (isBounded)
                return (true, true);
            leaves |= !isCancelled;
        }

        return (leaves, false);
    }

    private (bool IsCancelled, bool IsBounded) ReasonOf(IOperation leave, ILoopOperation loop)
    {
        var isCancelled = false;
        for (var current = leave; current != loop && current.Parent is { } parent; current = parent)
        {
            switch (parent)
            {
                case ICatchClauseOperation:
                    // An error, or the cancellation.
                    isCancelled = true;
                    break;
                case IConditionalOperation choice when choice.Condition != current:
                    foreach (var part in OperationWalk.Own(choice.Condition))
                    {
                        if (IsClock(part) || IsCounter(part, loop))
                            return (false, true);
                        isCancelled |= part is IPropertyReferenceOperation { Property: { Name: "IsCancellationRequested" } };
                    }

                    break;
            }
        }

        return (isCancelled, false);
    }

    private static bool IsClock(IOperation value) => value switch
    {
        IMemberReferenceOperation { Member.Name: "UtcNow" or "Now" or "Today" or "Elapsed" or "ElapsedMilliseconds" or "ElapsedTicks" or "TickCount" or "TickCount64" } => true,
        IInvocationOperation { TargetMethod.Name: "GetUtcNow" or "GetElapsedTime" or "GetTimestamp" } => true,
        _ => false,
    };

    private static bool IsCounter(IOperation value, ILoopOperation loop)
    {
        if (value is IIncrementOrDecrementOperation)
            return true;
        if (Values.SymbolOf(value) is not { } variable)
            return false;

        foreach (var operation in OperationWalk.Own(loop))
        {
            var counted = operation switch
            {
                IIncrementOrDecrementOperation increment => increment.Target,
                ICompoundAssignmentOperation compound => compound.Target,
                _ => null,
            };
            if (counted is not null && SymbolEqualityComparer.Default.Equals(Values.SymbolOf(counted), variable))
                return true;
        }

        return false;
    }

    private bool Waits(ILoopOperation loop, out bool asksToken)
    {
        asksToken = false;
        var waits = false;
        foreach (var operation in OperationWalk.Own(loop.Body))
        {
            if (operation is not IInvocationOperation call || !IsWait(call) || IsInCatch(call, loop))
                continue;

            waits = true;
            foreach (var argument in call.Arguments)
                asksToken |= host.Tokens.IsToken(argument.Value.Type) && !host.Tokens.IsNone(argument.Value);
        }

        return waits;
    }

    // The back-off of a retry.
    private static bool IsInCatch(IOperation call, IOperation loop)
    {
        for (var current = call; current is not null && current != loop; current = current.Parent)
        {
            if (current is ICatchClauseOperation)
                return true;
        }

        return false;
    }

    private bool SendsSomething(IOperation body)
    {
        foreach (var operation in OperationWalk.Own(body))
        {
            if (operation.Kind == OperationKind.YieldReturn || (operation is IInvocationOperation { TargetMethod.Name: var name } && Array.IndexOf(Sends, name) >= 0))
                return true;
        }

        return false;
    }

    private static bool SendsToGrpc(IOperation body)
    {
        foreach (var operation in OperationWalk.Own(body))
        {
            if (operation is IInvocationOperation { TargetMethod.Name: "WriteAsync", Instance.Type.Name: "IServerStreamWriter" })
                return true;
        }

        return false;
    }

    /// <summary>A condition that holds until the client leaves.</summary>
    private sealed record Head(bool AsksToken, bool LooksAtSocket, bool Waits)
    {
        public static readonly Head Endless = new(false, false, false);

        /// <summary>What the condition looks at; null where it looks at anything else than the client, so that it may end the loop.</summary>
        public static Head? Of(IOperation condition, HostFacts host)
        {
            var value = Values.WalkDown(condition);
            switch (value)
            {
                case { ConstantValue: { HasValue: true, Value: true } }:
                    return Endless;

                case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } both:
                    return Of(both.LeftOperand, host) is { } left && Of(both.RightOperand, host) is { } right
                        ? new(left.AsksToken || right.AsksToken, left.LooksAtSocket || right.LooksAtSocket, left.Waits || right.Waits)
                        : null;

                case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: var negated }:
                    return Values.WalkDown(negated) switch
                    {
                        var asked when IsCancellationAsked(asked, host) => Endless with { AsksToken = true },
                        IPropertyReferenceOperation { Property.Name: "HasValue", Instance: IPropertyReferenceOperation { Property: { Name: "CloseStatus" } } } => Endless with { LooksAtSocket = true },
                        IIsPatternOperation { Value: IPropertyReferenceOperation { Property: { Name: "CloseStatus" } } } => Endless with { LooksAtSocket = true },
                        _ => null,
                    };

                case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, LeftOperand: var one, RightOperand: var other }:
                    if (IsOfSocket(one, host) || IsOfSocket(other, host))
                        return Endless with { LooksAtSocket = true };
                    return IsCancellationAsked(one, host) && other.ConstantValue is { HasValue: true, Value: false } ? Endless with { AsksToken = true } : null;

                case IIsPatternOperation { Value: var matched }:
                    return IsOfSocket(matched, host) ? Endless with { LooksAtSocket = true } : null;

                case IInvocationOperation { TargetMethod.Name: "WaitForNextTickAsync" } tick when host.Types.Is(tick.TargetMethod.ContainingType, KnownType.PeriodicTimer):
                case IInvocationOperation { TargetMethod.Name: "WaitToReadAsync" } read when host.Types.Inherits(read.TargetMethod.ContainingType, KnownType.ChannelReader):
                    return Endless with { Waits = true };

                default:
                    return null;
            }
        }

        private static bool IsCancellationAsked(IOperation value, HostFacts host) =>
            Values.WalkDown(value) is IPropertyReferenceOperation { Property: { Name: "IsCancellationRequested" } asked } && host.Tokens.IsTokenOrSource(asked.ContainingType);

        private static bool IsOfSocket(IOperation value, HostFacts host) => Values.WalkDown(value) is IPropertyReferenceOperation { Instance: { } instance, Property.Name: var name } && name switch
        {
            "State" => host.Types.Is(instance.Type, KnownType.WebSocket),
            "CloseStatus" or "MessageType" => instance.Type?.Name is "WebSocketReceiveResult" or "ValueWebSocketReceiveResult" or "WebSocket",
            _ => false,
        };
    }
}
