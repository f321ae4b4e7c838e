using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>What a reader of a channel leaves in it at the stop.</summary>
internal sealed class ChannelReads(HostFacts host, ServiceMethod method)
{
    /// <summary>
    /// Whether <paramref name="read"/> ends at the stop with items in the channel that nothing else reads. <c>ReadAllAsync(token)</c> and <c>WaitToReadAsync(token)</c> look at
    /// the token only when the channel is empty, and hand out first what is queued: items are left where the code between two reads leaves at the stop.
    /// </summary>
    public bool LeavesItems(IInvocationOperation read, ITypeSymbol item)
    {
        if (!EndsAtStop(read) || !method.RunsAsWork(read) || OperationWalk.LoopsAround(read).FirstOrDefault() is not { } loop)
            return false;

        var leaves = read.TargetMethod.Name switch
        {
            "ReadAsync" => true,
            "ReadAllAsync" => loop is IForEachLoopOperation each && ObservesStop(each.Body, read),
            _ => ObservesStop(loop.Body, read) || !TakesAll(loop.Body),
        };
        return leaves && !IsWakeUp(item) && !host.Channels.IsLossy(item) && !IsReadToTheEnd(item);
    }

    private bool EndsAtStop(IInvocationOperation read)
    {
        foreach (var argument in read.Arguments)
        {
            if (host.Tokens.IsToken(argument.Value.Type))
                return method.Services.All(service => service.StartTokens.AfterStart.MayStop(argument.Value));
        }

        return false;
    }

    private bool ObservesStop(IOperation body, IInvocationOperation read)
    {
        foreach (var observation in new Observations(host, method).In(body))
        {
            if (observation.Kind != ObservationKind.Wake && !OperationWalk.Contains(read, observation.Operation))
                return true;
        }

        return false;
    }

    /// <summary><c>while (reader.TryRead(out var item))</c> within the loop that waits.</summary>
    private bool TakesAll(IOperation body)
    {
        foreach (var operation in OperationWalk.Own(body))
        {
            if (operation is ILoopOperation inner && OperationWalk.Own(inner).Any(IsTryRead))
                return true;
        }

        return false;
    }

    /// <summary>Whether the service reads what is left: by a read without the token that isn't part of the loop, or by waiting for the channel's completion.</summary>
    private bool IsReadToTheEnd(ITypeSymbol item)
    {
        foreach (var service in method.Services)
        {
            foreach (var reached in (IReadOnlyList<ReachedMethod>)[.. service.Running, .. service.Stopping])
            {
                foreach (var operation in OperationWalk.All(reached.Body))
                {
                    if (operation is IPropertyReferenceOperation { Property: { Name: "Completion", ContainingType: var type } } && host.Channels.IsReaderOf(type, item)
                        || operation is IInvocationOperation other && host.Channels.IsReaderOf(other.TargetMethod.ContainingType, item) && IsDrain(other))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    private bool IsDrain(IInvocationOperation read) =>
        read.TargetMethod.Name is "TryRead" or "ReadAllAsync" or "ReadAsync" or "WaitToReadAsync"
        && !EndsAtStop(read)
        && !OperationWalk.LoopsAround(read).Any(loop => OperationWalk.Own(loop).Any(other => other is IInvocationOperation call && host.Channels.IsRead(call) && EndsAtStop(call)));

    private static bool IsTryRead(IOperation operation) => operation is IInvocationOperation { TargetMethod.Name: "TryRead" };

    // A channel of nothing wakes its reader up and carries no work.
    private static bool IsWakeUp(ITypeSymbol item) =>
        item.SpecialType == SpecialType.System_Boolean || item is INamedTypeSymbol { IsValueType: true, SpecialType: SpecialType.None, TypeKind: TypeKind.Struct } named && !named.GetMembers().Any(member => member is IFieldSymbol { IsStatic: false });
}
