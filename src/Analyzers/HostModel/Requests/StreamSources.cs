using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// Which asynchronous enumerations have no end: a channel that others fill, a subscription, and iterators of this compilation that loop for ever. All else (a database's rows, a package's answer) ends by itself.
/// </summary>
internal sealed class StreamSources(HostFacts host, StreamLoops loops, RequestTokens tokens)
{
    private const int MaxDepth = 4;

    // Enumerations that go on as long as what they are made of.
    private static readonly string[] Passing = ["WithCancellation", "ConfigureAwait", "Select", "Where", "SelectAwait", "WhereAwait", "Cast", "OfType", "AsAsyncEnumerable", "Prepend", "Append"];

    private readonly Func<ISymbol, bool> _isFinite = channel => IsFinite(host, (ILocalSymbol)channel);

    /// <summary>Whether <paramref name="source"/> never ends by itself; then also which tokens could end it.</summary>
    public bool IsEndless(IOperation source, CallFrame? frame, TokenOrigins origins) => IsEndless(source, frame, null, origins, 0);

    public static bool PassesAll(IInvocationOperation call) => Array.IndexOf(Passing, call.TargetMethod.Name) >= 0;

    public static bool IsIterator(SyntaxNode function)
    {
        foreach (var node in function.DescendantNodes(node => node == function || node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or ExpressionSyntax)))
        {
            if (node is YieldStatementSyntax)
                return true;
        }

        return false;
    }

    /// <summary>Whether the loop waits for a channel which the code around it also completes.</summary>
    public bool ReadsFiniteChannel(ILoopOperation loop)
    {
        foreach (var operation in OperationWalk.Own(loop))
        {
            if (operation is IInvocationOperation { TargetMethod.Name: "WaitToReadAsync" or "ReadAsync" } read && loops.IsWait(read) && IsFiniteChannel(read))
                return true;
        }

        return false;
    }

    /// <summary>Whether the channel that <paramref name="read"/> reads is filled and completed by the code that reads it, or completed by the stop.</summary>
    public bool IsFiniteChannel(IInvocationOperation read)
    {
        if (host.Channels.IsCompletedAtStop(read))
            return true;

        var root = Values.Receiver(read);
        while (root is IPropertyReferenceOperation { Instance: { } owner, Property.Name: "Reader" })
            root = Values.WalkDown(owner);

        return root is ILocalReferenceOperation { Local: { DeclaringSyntaxReferences: [_] } local } && host.Index.Ask(local, _isFinite);
    }

    private static bool IsFinite(HostFacts host, ILocalSymbol channel)
    {
        // var reader = hub.Subscribe(): somebody else's channel.
        if (channel.DeclaringSyntaxReferences[0].GetSyntax() is not VariableDeclaratorSyntax { Initializer.Value: { } initial } || !IsCreation(host.Index.Operation(initial)))
            return false;

        foreach (var use in host.Index.UsesOfLocal(channel))
        {
            if (use.Parent is IPropertyReferenceOperation { Property.Name: "Writer" } writer && (IsCompletion(writer) || IsGivenToProducer(host, writer)))
                return true;
            if (use.Parent is IArgumentOperation && IsGivenToProducer(host, use))
                return true;
        }

        return false;
    }

    private static bool IsCreation(IOperation? value) =>
        value is not null && Values.WalkDown(value) is IInvocationOperation { TargetMethod: { Name: var name, ContainingType.Name: "Channel" } } && name.StartsWith("Create", StringComparison.Ordinal);

    // In a finally it is the reader that says goodbye.
    private static bool IsCompletion(IOperation writer)
    {
        if (writer.Parent is not IInvocationOperation { TargetMethod.Name: "Complete" or "TryComplete" })
            return false;

        IOperation child = writer;
        for (var current = writer.Parent; current is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation); child = current, current = current.Parent)
        {
            if (current is ITryOperation attempt && attempt.Finally == child && !HoldsProduction(attempt))
                return false;
        }

        return true;
    }

    private static bool HoldsProduction(ITryOperation attempt)
    {
        foreach (var operation in OperationWalk.Own(attempt.Body))
        {
            if (operation is IInvocationOperation { TargetMethod.Name: "WriteAsync" or "TryWrite", TargetMethod.ContainingType.Name: "ChannelWriter" })
                return true;
        }

        return false;
    }

    // Work that is started with the writer fills the channel and completes it; a subscription returns at once.
    private static bool IsGivenToProducer(HostFacts host, IOperation writer) =>
        writer.Parent is IArgumentOperation { Parent: IInvocationOperation call } && StartedWork.IsTask(call.Type, host) && call.TargetMethod.Name.IndexOf("ubscribe", StringComparison.Ordinal) < 0;

    private bool IsEndless(IOperation source, CallFrame? frame, IOperation? enumerator, TokenOrigins origins, int depth)
    {
        if (depth > MaxDepth)
            return false;

        var value = Values.WalkDown(source);
        switch (value)
        {
            // await subscriber.SubscribeAsync(channel)
            case IAwaitOperation { Operation: var awaited }:
                return IsEndless(awaited, frame, enumerator, origins, depth + 1);

            case ILocalReferenceOperation { Local: { DeclaringSyntaxReferences: [var declaration] } local }:
                return declaration.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } initial }
                    && host.Index.Operation(initial) is { } definition
                    && IsEndless(definition, frame, enumerator, origins, depth + 1);

            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                return IsEndless(choice.WhenTrue, frame, enumerator, origins, depth + 1) && IsEndless(otherwise, frame, enumerator, origins, depth + 1);

            case IInvocationOperation call when PassesAll(call) && Values.Receiver(call) is { } inner:
                if (call.TargetMethod.Name == "WithCancellation" && call.Arguments is [.., { Value: var given }])
                {
                    enumerator = given;
                    tokens.Follow(given, frame, origins);
                }

                return IsEndless(inner, frame, enumerator, origins, depth + 1);

            case IInvocationOperation { TargetMethod: { Name: "ReadAllAsync" } method } call when host.Types.Inherits(method.ContainingType, KnownType.ChannelReader):
                FollowArguments(call, frame, origins);
                return !IsFiniteChannel(call);

            // The other end of a conversation; an upload ends by itself.
            case IInvocationOperation { TargetMethod.Name: "ReadAllAsync", Arguments: [{ Value: var stream }, ..] } call when Values.WalkDown(stream) is IParameterReferenceOperation { Parameter: { Type.Name: "IAsyncStreamReader" } parameter }:
                FollowArguments(call, frame, origins);
                return parameter.ContainingSymbol is IMethodSymbol { Parameters: var parameters } && parameters.Any(other => other.Type.Name == "IServerStreamWriter");

            case IInvocationOperation call when IsSubscription(call.TargetMethod):
                FollowArguments(call, frame, origins);
                return true;

            case IInvocationOperation call:
                var found = false;
                if (!host.Types.Is(call.TargetMethod.ReturnType, KnownType.IAsyncEnumerable))
                    return false;
                foreach (var implementation in Function.Behind(host, call.TargetMethod))
                    found |= IsEndlessMethod(implementation, CallFrame.Of(call, implementation, enumerator, frame), origins, depth + 1);
                return found;

            default:
                return false;
        }
    }

    /// <summary>A broker's or a database's feed: it goes on until whoever reads it has had enough.</summary>
    private bool IsSubscription(IMethodSymbol method) =>
        !host.IsInSource(method.OriginalDefinition)
        && (method.Name.StartsWith("Subscribe", StringComparison.Ordinal) || method.Name.StartsWith("Watch", StringComparison.Ordinal));

    private void FollowArguments(IInvocationOperation call, CallFrame? frame, TokenOrigins origins)
    {
        foreach (var argument in call.Arguments)
        {
            if (host.Tokens.IsToken(argument.Value.Type) && argument.ArgumentKind == ArgumentKind.Explicit)
                tokens.Follow(argument.Value, frame, origins);
        }
    }

    private bool IsEndlessMethod(IMethodSymbol method, CallFrame frame, TokenOrigins origins, int depth)
    {
        if (!host.IsInSource(method) || Function.Of(host, method) is not { Body: { } body } function)
            return false;

        var found = false;
        if (IsIterator(function.Syntax))
        {
            foreach (var operation in OperationWalk.Own(body))
            {
                if (operation is not ILoopOperation loop)
                    continue;

                var isEndless = loop is IForEachLoopOperation { IsAsynchronous: true } each
                    ? IsEndless(each.Collection, frame, null, origins, depth)
                    : loops.KindOf(loop) is { } kind and not StreamKind.LongPoll && !ReadsFiniteChannel(loop);
                if (!isEndless)
                    continue;

                found = true;
                tokens.Collect(loop, frame, origins);
            }

            // What looks at the stop in its own way ends with it.
            if (found && host.ShutdownState.IsReadByMethod(method) == true)
                origins.MayEndEarlier = true;
            return found;
        }

        foreach (var operation in OperationWalk.Own(body))
        {
            if (operation is IReturnOperation { ReturnedValue: { } returned })
                found |= IsEndless(returned, frame, null, origins, depth);
        }

        return found || (body is not IBlockOperation && IsEndless(body, frame, null, origins, depth));
    }
}
