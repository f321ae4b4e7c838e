using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Tells whether an expression is the host that runs the code, not one of the code's own.</summary>
internal static class RunningHost
{
    /// <summary>Whether <paramref name="value"/> is a variable whose host the program runs or waits for: its stop is the host's own business.</summary>
    public static bool IsWaitedFor(HostFacts host, IOperation value) => IsCalled(host, value, ["Run", "RunAsync", "WaitForShutdown", "WaitForShutdownAsync"]);

    /// <summary>Whether <paramref name="value"/> is the host that runs the code at <paramref name="site"/>: injected, resolved, or a variable that the program starts.</summary>
    public static bool Runs(HostFacts host, IOperation value, RunSite site)
    {
        switch (Values.WalkDown(value))
        {
            case IParameterReferenceOperation { Parameter: var parameter }:
                return IsInjected(parameter, site);

            case IInvocationOperation resolved:
                return IsResolved(resolved);

            case ILocalReferenceOperation { Local: var local } when IsIn(site.Root, local):
                return InitialOf(host, local) is IInvocationOperation initial && IsResolved(initial);

            case IFieldReferenceOperation { Field: { IsStatic: false } field }:
                return IsOnlyInjected(host, field, site);

            case IPropertyReferenceOperation { Property: { IsStatic: false } property }:
                return IsOnlyInjected(host, property, site);

            case var variable:
                return IsCalled(host, variable, IndexedNames.Run);
        }
    }

    private static bool IsInjected(IParameterSymbol parameter, RunSite site) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor }
        || (site.By == RunBy.Request && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, site.Symbol));

    private static bool IsResolved(IInvocationOperation call) => call.TargetMethod.Name is "GetRequiredService" or "GetService";

    /// <summary>A member that only constructors set, and only to what they are given.</summary>
    private static bool IsOnlyInjected(HostFacts host, ISymbol member, RunSite site)
    {
        if (!host.IsInSource(member))
            return false;

        var injected = false;
        if (member.DeclaringSyntaxReferences is [var declaration] && InitialValue(declaration.GetSyntax()) is { } initial)
        {
            // Only a parameter of a primary constructor can stand there.
            if (host.Index.Operation(initial) is not { } value || Values.WalkDown(value) is not IParameterReferenceOperation { Parameter: var parameter } || !IsInjected(parameter, site))
                return false;
            injected = true;
        }

        foreach (var use in host.Ownership.ReferencesTo(member))
        {
            if (use.Parent is not IAssignmentOperation assignment || assignment.Target != use)
                continue;

            var value = Values.WalkDown(assignment.Value is ICoalesceOperation either ? either.Value : assignment.Value);
            if (value is not IParameterReferenceOperation { Parameter: var parameter } || !IsInjected(parameter, site))
                return false;
            injected = true;
        }

        return injected;
    }

    private static ExpressionSyntax? InitialValue(SyntaxNode declaration) => declaration switch
    {
        VariableDeclaratorSyntax { Initializer.Value: var value } => value,
        PropertyDeclarationSyntax { Initializer.Value: var value } => value,
        _ => null,
    };

    private static bool IsIn(SyntaxNode function, ILocalSymbol local) =>
        local.DeclaringSyntaxReferences is [var declaration] && declaration.SyntaxTree == function.SyntaxTree && function.Span.Contains(declaration.Span);

    private static IOperation? InitialOf(HostFacts host, ILocalSymbol local) =>
        local.DeclaringSyntaxReferences is [var declaration]
        && declaration.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: var initial }
        && host.Index.Operation(initial) is { } value
            ? Values.WalkDown(value)
            : null;

    private static bool IsCalled(HostFacts host, IOperation value, string[] names)
    {
        if (Values.SymbolOf(value) is not (ILocalSymbol or IFieldSymbol or IPropertySymbol) || Values.SymbolOf(value) is not { } variable || !host.IsInSource(variable))
            return false;

        foreach (var use in host.Ownership.ReferencesTo(variable))
        {
            if (Values.CallOn(Values.WalkUp(use)) is { } call && Array.IndexOf(names, call.TargetMethod.Name) >= 0)
                return true;
        }

        return false;
    }
}
