using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Who flushes Serilog's static logger.</summary>
internal static class SerilogLogs
{
    /// <summary>The names of what sets a logger up for the host.</summary>
    public static readonly string[] Registrations = ["UseSerilog", "AddSerilog"];

    /// <summary>Whether a property is <c>Serilog.Log.Logger</c>.</summary>
    public static bool IsStaticLogger(IPropertySymbol property) =>
        property is { Name: "Logger", IsStatic: true, ContainingType: { Name: "Log", ContainingNamespace: { Name: "Serilog", ContainingNamespace.IsGlobalNamespace: true } } };

    /// <summary>The first assignment that gives <c>Log.Logger</c> a logger which the program makes itself.</summary>
    public static SyntaxNode? FirstSetUp(HostFacts host, IPropertySymbol logger)
    {
        // Log.Logger by its own name alone needs a 'using static', in whatever file.
        var isBroughtIn = new Lazy<bool>(() => host.Index.MayUse(["Serilog.Log"]));
        foreach (var use in host.Index.Uses(logger.Name))
        {
            // Many properties have that name: only what is assigned by the class's own is bound.
            if (SourceIndex.ExpressionOf(use) is { Parent: AssignmentExpressionSyntax syntax } target
                && syntax.Left == target
                && (target is IdentifierNameSyntax ? isBroughtIn.Value : MayBeStaticLogger(host, target))
                && host.Index.Operation(syntax) is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: var assigned } } assignment
                && SymbolEqualityComparer.Default.Equals(assigned, logger)
                && host.Ownership.CreationIn(assignment.Value) is not null)
            {
                return syntax;
            }
        }

        return null;
    }

    // Log.Logger, Serilog.Log.Logger, or by another name of the class.
    private static bool MayBeStaticLogger(HostFacts host, ExpressionSyntax target) => target switch
    {
        MemberAccessExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Log" } } => true,
        MemberAccessExpressionSyntax { Expression: AliasQualifiedNameSyntax { Name.Identifier.ValueText: "Log" } } => true,
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var name } } => name == "Log" || host.Index.IsAlias(name),
        _ => false,
    };

    /// <summary>Whether the program or its host flushes the static logger, or a call into another project may.</summary>
    public static bool IsFlushed(HostFacts host, IPropertySymbol logger) =>
        host.Index.Any("CloseAndFlush")
        || host.Index.Any("CloseAndFlushAsync")
        || IsOwnedByHost(host)
        || host.Ownership.IsReleased(logger, new Ending(ResourceTable.Closers, ByDisposal: true))
        || ReferencedProjects.IsCalled(host, "Log", "Flush");

    /// <summary>The logger that a registration is given without its ownership; null where it is the static one, or another call.</summary>
    public static IOperation? LoggerGivenTo(IInvocationOperation call)
    {
        if (!IsRegistration(call.TargetMethod) || IsTrue(call, "dispose"))
            return null;

        foreach (var argument in call.Arguments)
        {
            if (argument is { IsImplicit: false, Parameter: { Name: "logger", Ordinal: > 0 } } && Values.WalkDown(argument.Value).ConstantValue is not { HasValue: true, Value: null })
                return Values.WalkDown(argument.Value);
        }

        return null;
    }

    /// <summary>Whether <c>dispose: true</c> makes the host the owner of the logger that a call registers.</summary>
    public static bool CanBeOwnedBy(IInvocationOperation registration) =>
        IsRegistration(registration.TargetMethod) && HasParameter(registration.TargetMethod, "dispose") && !HasParameter(registration.TargetMethod, "configureLogger");

    /// <summary>The one call that hands the static logger to the host and leaves it to the program; null where there is none, or several.</summary>
    public static IInvocationOperation? RegistrationOfStatic(HostFacts host)
    {
        IInvocationOperation? found = null;
        foreach (var name in Registrations)
        {
            foreach (var syntax in host.Index.Invocations(name))
            {
                if (host.Index.Operation(syntax) is not IInvocationOperation call || !CanBeOwnedBy(call) || LoggerGivenTo(call) is not null)
                    continue;

                if (found is not null)
                    return null;
                found = call;
            }
        }

        return found;
    }

    // dispose: true, for the static logger; or the form that builds a logger of the host's own and puts it into Log.Logger. After a bootstrap
    // logger that form only reconfigures the one that is there, and disposes of nothing.
    private static bool IsOwnedByHost(HostFacts host)
    {
        foreach (var name in Registrations)
        {
            foreach (var syntax in host.Index.Invocations(name))
            {
                if (host.Index.Operation(syntax) is not IInvocationOperation call || !IsRegistration(call.TargetMethod))
                    return true;

                if (HasParameter(call.TargetMethod, "configureLogger") ? !IsTrue(call, "preserveStaticLogger") && !host.Index.Any("CreateBootstrapLogger") : IsTrue(call, "dispose"))
                    return true;
            }
        }

        return false;
    }

    private static bool IsRegistration(IMethodSymbol method) =>
        Array.IndexOf(Registrations, method.Name) >= 0 && method.ContainingNamespace is { Name: "Serilog", ContainingNamespace.IsGlobalNamespace: true };

    private static bool HasParameter(IMethodSymbol method, string name)
    {
        foreach (var parameter in method.Parameters)
        {
            if (parameter.Name == name)
                return true;
        }

        return false;
    }

    private static bool IsTrue(IInvocationOperation call, string parameter)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Name == parameter)
                return argument.Value.ConstantValue is not { HasValue: true, Value: false };
        }

        return false;
    }
}
