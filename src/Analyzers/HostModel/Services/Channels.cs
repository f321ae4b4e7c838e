using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Which channels and blocking collections somebody completes, told apart by what they hold.</summary>
internal sealed class Channels
{
    private readonly HostFacts _host;
    private readonly HashSet<ITypeSymbol> _completed = new(SymbolEqualityComparer.Default);
    private readonly Lazy<HashSet<ITypeSymbol>> _lossy;
    private readonly Lazy<HashSet<ITypeSymbol>> _completedAtStop;

    public Channels(HostFacts host)
    {
        _host = host;
        _lossy = new(FindLossy);
        _completedAtStop = new(FindCompletedAtStop);
        foreach (var (_, item) in Completions())
            _completed.Add(item);
    }

    /// <summary>Whether <paramref name="read"/> reads from a channel or collection of a kind that the program completes somewhere.</summary>
    public bool IsCompletedSomewhere(IInvocationOperation read) =>
        ItemOf(read.TargetMethod.ContainingType) is { } item && _completed.Contains(item);

    /// <summary>Whether code that runs at the stop completes a channel of that kind.</summary>
    public bool IsCompletedAtStop(IInvocationOperation read) =>
        ItemOf(read.TargetMethod.ContainingType) is { } item && _completedAtStop.Value.Contains(item);

    public bool IsRead(IInvocationOperation call) =>
        call.TargetMethod.Name is "ReadAsync" or "ReadAllAsync" or "WaitToReadAsync" && _host.Types.Inherits(call.TargetMethod.ContainingType, KnownType.ChannelReader);

    /// <summary>What a channel read hands out, or null where <paramref name="call"/> is none.</summary>
    public ITypeSymbol? ItemReadBy(IInvocationOperation call) => IsRead(call) ? ItemOf(call.TargetMethod.ContainingType) : null;

    /// <summary>Whether <paramref name="type"/> reads channels of that item.</summary>
    public bool IsReaderOf(INamedTypeSymbol type, ITypeSymbol item) =>
        _host.Types.Inherits(type, KnownType.ChannelReader) && SymbolEqualityComparer.Default.Equals(ItemOf(type), item);

    /// <summary>Whether the program makes channels of that item which drop items anyway, when they are full.</summary>
    public bool IsLossy(ITypeSymbol item) => _lossy.Value.Contains(item);

    private HashSet<ITypeSymbol> FindLossy()
    {
        var lossy = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default);
        foreach (var name in IndexedNames.DropModes)
        {
            foreach (var use in _host.Index.Uses(name))
            {
                foreach (var call in use.Ancestors().OfType<InvocationExpressionSyntax>())
                {
                    if (_host.Index.Symbol(call) is IMethodSymbol { Name: "CreateBounded", TypeArguments: [var item] })
                        lossy.Add(item);
                }
            }
        }

        return lossy;
    }

    private HashSet<ITypeSymbol> FindCompletedAtStop()
    {
        var found = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default);
        foreach (var (use, item) in Completions())
        {
            // What the container disposes is disposed too late: the request is over by then.
            if (_host.RunSites.Of(use) is { By: var by } && (by & (RunBy.StopCallback | RunBy.HostedService)) != 0)
                found.Add(item);
        }

        return found;
    }

    private IEnumerable<(SyntaxNode Use, ITypeSymbol Item)> Completions()
    {
        foreach (var name in IndexedNames.Completion)
        {
            foreach (var use in _host.Index.Uses(name))
            {
                if (MayBeMethod(use) && _host.Index.Symbol(use) is IMethodSymbol method && ItemOf(method.ContainingType) is { } item)
                    yield return (use, item);
            }
        }
    }

    // A call, or a method group (token.Register(writer.Complete)); many enumerations and options have a Complete too.
    private static bool MayBeMethod(SimpleNameSyntax use)
    {
        var value = SourceIndex.ExpressionOf(use);
        return value.Parent switch
        {
            BinaryExpressionSyntax choice => choice.IsKind(SyntaxKind.CoalesceExpression),
            AssignmentExpressionSyntax assignment => assignment.Left != value,
            MemberAccessExpressionSyntax access => access.Expression != value,
            PatternSyntax or IsPatternExpressionSyntax or SwitchLabelSyntax => false,
            _ => true,
        };
    }

    private ITypeSymbol? ItemOf(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.TypeArguments.Length == 1
                && (_host.Types.Is(type, KnownType.ChannelReader) || _host.Types.Is(type, KnownType.ChannelWriter) || _host.Types.Is(type, KnownType.BlockingCollection)))
            {
                return type.TypeArguments[0];
            }
        }

        return null;
    }
}
