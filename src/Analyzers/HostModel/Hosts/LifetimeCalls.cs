using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A lifetime that is registered after the drain, which wraps only what is there before it.</summary>
/// <param name="Drain">The drain's registration.</param>
/// <param name="Lifetime">The lifetime's registration.</param>
internal sealed record LateLifetime(IInvocationOperation Drain, IInvocationOperation Lifetime);

/// <summary>Finds the registrations of a host lifetime that follow the drain's in the same host.</summary>
internal sealed class LifetimeCalls
{
    private readonly HostFacts _host;
    private readonly List<LateLifetime> _late = [];

    public LifetimeCalls(HostFacts host)
    {
        _host = host;
        if (host.DrainCalls.All.Count == 0)
            return;

        foreach (var lifetime in Registrations())
        {
            foreach (var drain in host.DrainCalls.All)
            {
                if (Follows(lifetime, drain))
                {
                    _late.Add(new(drain, lifetime));
                    break;
                }
            }
        }
    }

    public IReadOnlyList<LateLifetime> AfterDrain => _late;

    private IEnumerable<IInvocationOperation> Registrations()
    {
        foreach (var name in IndexedNames.LifetimeRegistrations)
        {
            foreach (var syntax in _host.Index.Invocations(name))
            {
                if (_host.Index.Operation(syntax) is IInvocationOperation call && _host.Drain.TakesHost(call))
                    yield return call;
            }
        }

        // services.AddSingleton<IHostLifetime, OwnLifetime>(); TryAdd registers nothing where the host has its own.
        foreach (var use in _host.Index.Uses(IndexedNames.HostLifetime))
        {
            for (SyntaxNode? node = use.Parent; node is not null and not StatementSyntax and not MemberDeclarationSyntax and not AnonymousFunctionExpressionSyntax; node = node.Parent)
            {
                if (node is InvocationExpressionSyntax && _host.Index.Operation(node) is IInvocationOperation { TargetMethod.Name: "AddSingleton" or "Replace" or "Add" } call
                    && _host.Types.Inherits(Values.Receiver(call)?.Type, KnownType.IServiceCollection))
                {
                    yield return call;
                    break;
                }
            }
        }
    }

    private static bool Follows(IInvocationOperation lifetime, IInvocationOperation drain)
    {
        if (lifetime.Syntax.SyntaxTree != drain.Syntax.SyntaxTree || NamePosition(lifetime) <= NamePosition(drain))
            return false;

        // Both in one chain, the lifetime perhaps in a lambda that a later link is given.
        for (SyntaxNode? node = lifetime.Syntax; node is InvocationExpressionSyntax or MemberAccessExpressionSyntax or ArgumentSyntax or ArgumentListSyntax or LambdaExpressionSyntax or ExpressionStatementSyntax or BlockSyntax; node = node.Parent)
        {
            if (node is InvocationExpressionSyntax call && IsReceiverOf(drain.Syntax, call))
                return true;
        }

        return RootOf(lifetime) is { } root && SymbolEqualityComparer.Default.Equals(root, RootOf(drain)) && !IsInOtherBranch(lifetime.Syntax, drain.Syntax);
    }

    /// <summary>Whether <paramref name="inner"/> is a link of the chain that ends in <paramref name="outer"/>.</summary>
    private static bool IsReceiverOf(SyntaxNode inner, InvocationExpressionSyntax outer)
    {
        for (SyntaxNode? node = outer.Expression; node is MemberAccessExpressionSyntax or InvocationExpressionSyntax;
            node = node is MemberAccessExpressionSyntax access ? access.Expression : ((InvocationExpressionSyntax)node).Expression)
        {
            if (node == inner)
                return true;
        }

        return false;
    }

    private static ISymbol? RootOf(IInvocationOperation call) => Values.Receiver(call) is { } receiver ? HostedService.Root(receiver) : null;

    // The name, not the start: all links of a chain start at one place.
    private static int NamePosition(IInvocationOperation call) =>
        call.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var name } } ? name.SpanStart : call.Syntax.SpanStart;

    private static bool IsInOtherBranch(SyntaxNode later, SyntaxNode earlier)
    {
        foreach (var ancestor in later.Ancestors())
        {
            if (ancestor is ElseClauseSyntax { Parent: IfStatementSyntax branch } && branch.Statement.Span.Contains(earlier.Span))
                return true;
        }

        return false;
    }
}
