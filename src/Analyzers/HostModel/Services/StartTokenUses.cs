using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A use of the start's token by something that goes on after the start.</summary>
/// <param name="Token">The reference to the token.</param>
/// <param name="Scope">The syntax in which all its references are uses of that kind: the lambda that goes on, or the reference alone.</param>
internal sealed record StartTokenUse(IParameterReferenceOperation Token, SyntaxNode Scope);

/// <summary>Finds where a method of a hosted service hands the token of the start to what goes on after it.</summary>
internal sealed class StartTokenUses(HostFacts host, ServiceMethod method)
{
    private const int MaxDepth = 4;

    /// <summary>One use for each lambda, call or variable that takes the token along.</summary>
    public IEnumerable<StartTokenUse> ThatOutliveTheStart()
    {
        // What a method does that goes on itself follows from the token that it is given.
        if (method.IsWork && !method.IsStart)
            yield break;

        var seen = new HashSet<SyntaxNode>();
        foreach (var operation in OperationWalk.All(method.Body))
        {
            if (operation is IParameterReferenceOperation token
                && method.Services.All(service => service.StartTokens.IsOfStart(token.Parameter))
                && ScopeOf(token, token, 0) is { } scope
                && seen.Add(scope))
            {
                yield return new(token, scope);
            }
        }
    }

    /// <summary>What takes <paramref name="value"/>, which is the token or made of it, past the start; null where nothing does.</summary>
    private SyntaxNode? ScopeOf(IParameterReferenceOperation token, IOperation value, int depth)
    {
        if (depth > MaxDepth)
            return null;

        if (OngoingFunctionAround(value, token) is { } function)
            return IsGuarded(token) ? null : function.Syntax;

        value = Outermost(value);
        switch (value.Parent)
        {
            case IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "CreateLinkedTokenSource" } } link }:
                return FiresAfterStart(link) ? null : ScopeOf(token, link, depth + 1);

            case IArgumentOperation { Parent: IInvocationOperation call }:
                return GoesOnWith(call) ? token.Syntax : null;

            case IPropertyReferenceOperation { Property.Name: "Token" } property:
                return ScopeOf(token, property, depth + 1);

            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                return LocalGoesOn(token, local, depth) ? token.Syntax : null;

            case IAssignmentOperation { Target: var target } assignment when assignment.Value == value:
                return StoreGoesOn(target) ? token.Syntax : null;

            default:
                return null;
        }
    }

    /// <summary>The outermost lambda or local function around <paramref name="value"/>, within the method of the token, that goes on after the code around it.</summary>
    private IOperation? OngoingFunctionAround(IOperation value, IParameterReferenceOperation token)
    {
        IOperation? outermost = null;
        for (var function = OperationWalk.FunctionAround(value); function is not null; function = OperationWalk.FunctionAround(function))
        {
            if (function is ILocalFunctionOperation { Symbol: var local } && SymbolEqualityComparer.Default.Equals(local, token.Parameter.ContainingSymbol))
                break;
            if (StartedWork.GoesOn(function, host) || IsHandler(function))
                outermost = function;
        }

        return outermost;
    }

    private static bool IsHandler(IOperation function) =>
        StartedWork.ReceiverOfDelegate(function) is IInvocationOperation call && BackgroundWork.IsSubscription(call);

    /// <summary>Inside of work: linked with a token that the stop fires.</summary>
    private bool IsGuarded(IParameterReferenceOperation token) =>
        Outermost(token).Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "CreateLinkedTokenSource" } link } && FiresAfterStart(link);

    /// <summary>Whether the linked source fires at the stop: another of its tokens does, or somebody cancels it.</summary>
    private bool FiresAfterStart(IInvocationOperation link)
    {
        foreach (var service in method.Services)
        {
            if (service.StartTokens.AfterStart.MayStop(link))
                return true;
        }

        return StartedWork.FateOf(link) switch
        {
            (Fate.Stored, ILocalSymbol local) => host.Tokens.IsCancelled(local),
            (Fate.Stored, IFieldSymbol field) => host.Tokens.IsCancelled(field),
            (Fate.Stored, _) => true,
            _ => false,
        };
    }

    /// <summary>Whether a call that is given the token goes on when the code after it runs. The token of Task.Run itself only keeps it from beginning.</summary>
    private bool GoesOnWith(IInvocationOperation call)
    {
        var target = call.TargetMethod;
        if (target.Name is "Run" or "StartNew" or "ContinueWith" or "Register" or "UnsafeRegister" or "Delay" or "WaitAsync" or "FromCanceled")
            return false;
        if (target is { IsAsync: true, ReturnsVoid: true })
            return true;

        return StartedWork.IsTask(call.Type, host) && !IsAwaited(call, 0);
    }

    private bool IsAwaited(IOperation task, int depth)
    {
        var (fate, store) = StartedWork.FateOf(task);
        return fate switch
        {
            Fate.Discarded => false,
            Fate.Stored when depth < MaxDepth => store switch
            {
                ILocalSymbol local => host.Index.UsesOfLocal(local).Any(use => IsRead(use) && IsAwaited(use, depth + 1)),
                { } member => host.Index.UsesOfMember(member).Any(use => IsInStart(use) && IsRead(use) && StartedWork.FateOf(use).Fate == Fate.Awaited && !IsReturnedIfOver(use)),
                null => true,
            },
            _ => true,
        };
    }

    private bool IsInStart(IOperation use)
    {
        foreach (var reference in method.Symbol.DeclaringSyntaxReferences)
        {
            if (reference.SyntaxTree == use.Syntax.SyntaxTree && reference.Span.Contains(use.Syntax.Span))
                return true;
        }

        return false;
    }

    // if (_work.IsCompleted) return _work;
    private static bool IsReturnedIfOver(IOperation use)
    {
        for (var current = use.Parent; current is not null; current = current.Parent)
        {
            if (current is IConditionalOperation { Condition: IPropertyReferenceOperation { Property.Name: "IsCompleted" } })
                return true;
        }

        return false;
    }

    private static bool IsRead(IOperation use) =>
        use.Parent is not (IAssignmentOperation or IPropertyReferenceOperation { Property.Name: not "Result" }) || use.Parent is IAssignmentOperation assignment && assignment.Value == use;

    private bool LocalGoesOn(IParameterReferenceOperation token, ILocalSymbol local, int depth)
    {
        foreach (var use in host.Index.UsesOfLocal(local))
        {
            if (ScopeOf(token, use, depth + 1) is not null)
                return true;
        }

        return false;
    }

    /// <summary>Whether a field or property that is given the token is read by code that runs after the start.</summary>
    private bool StoreGoesOn(IOperation target)
    {
        if (Values.SymbolOf(target) is not { } store || store is ILocalSymbol or IParameterSymbol || target is IMemberReferenceOperation { Instance: not (null or IInstanceReferenceOperation) })
            return false;
        if (store is IFieldSymbol field && host.Types.Is(field.Type, KnownType.CancellationTokenSource) && host.Tokens.IsCancelled(field))
            return false;

        foreach (var use in host.Index.UsesOfMember(store))
        {
            var isWritten = use.Parent is IAssignmentOperation assignment && assignment.Target == use;
            if (!isWritten && !IsDisposal(use) && (!IsInStart(use) || OperationWalk.FunctionAround(use) is not null) && !FiresOtherwise(store))
                return true;
        }

        return false;
    }

    /// <summary>Whether the field is given another token too, one that fires at the stop.</summary>
    private bool FiresOtherwise(ISymbol store)
    {
        foreach (var use in host.Index.UsesOfMember(store))
        {
            if (use.Parent is IAssignmentOperation assignment && assignment.Target == use && method.Services.Any(service => service.StartTokens.AfterStart.MayStop(assignment.Value)))
                return true;
        }

        return false;
    }

    private static bool IsDisposal(IOperation use) =>
        use.Parent is IInvocationOperation { TargetMethod.Name: "Dispose" } or IConditionalAccessOperation { WhenNotNull: IInvocationOperation { TargetMethod.Name: "Dispose" } };

    private static IOperation Outermost(IOperation value)
    {
        while (value.Parent is IConversionOperation or IParenthesizedOperation or IArrayInitializerOperation or IArrayCreationOperation)
            value = value.Parent;
        return value;
    }
}
