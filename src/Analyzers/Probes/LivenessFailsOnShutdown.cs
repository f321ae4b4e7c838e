using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Probes;

/// <summary>
/// SHUT403: liveness that turns unhealthy while the process drains. A platform restarts what isn't alive, in the middle of the drain.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LivenessFailsOnShutdown() : ShutdownAnalyzer(Gate.WebHosting, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.LivenessFailsOnShutdown,
        Category.Probes,
        "Liveness fails while the process shuts down",
        "'{0}' turns liveness unhealthy while the process shuts down: the platform kills it in the middle of its drain",
        "Liveness asks whether to restart the process. One that is shutting down is alive and busy with the last requests; what has to turn at the signal is readiness.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            var tree = file.SemanticModel.SyntaxTree;
            foreach (var endpoint in host.HealthEndpoints.All)
            {
                if (endpoint is { Kind: ProbeKind.Liveness, TurnsAtShutdown: true } && endpoint.Route.Tree == tree && FailsBy(endpoint, host))
                    file.ReportDiagnostic(ProbeDiagnostic.Create(Descriptor, endpoint, host, FactsOf(endpoint, host)));
            }

            foreach (var check in host.HealthChecks.All)
            {
                if (check.TurnsAtShutdown == true && check.Registration.Syntax.SyntaxTree == tree && LivenessTag(check, host) is { } tag)
                    file.ReportDiagnostic(OnCheck(check, tag));
            }
        });

    /// <summary>Whether the endpoint itself is at fault; where a check asks for liveness by its tag, that check is.</summary>
    private static bool FailsBy(HealthEndpoint endpoint, HostFacts host)
    {
        if (endpoint.Predicate is not { } predicate)
            return endpoint.Route.Handler is { } handler ? Failing.CanFail(host, Bodies.OfDelegate(host, handler)) : Failing.CanFail(host, Bodies.Of(host, endpoint.Route.Action!).FirstOrDefault());

        foreach (var check in host.HealthChecks.All)
        {
            if (check.TurnsAtShutdown == true && predicate.Selects(check.Name, check.Tags) == true && LivenessTag(check, host) is null)
                return true;
        }

        return false;
    }

    private static ImmutableDictionary<string, string?> FactsOf(HealthEndpoint endpoint, HostFacts host)
    {
        var facts = ImmutableDictionary<string, string?>.Empty;
        var canReplace = endpoint.Route.Call is { } call
            && host.Types.Inherits(Values.Receiver(call)?.Type, KnownType.IEndpointRouteBuilder)
            && (endpoint.Predicate is { IsOnlyOption: true } || (endpoint.Route.Form == RouteForm.Delegate && Failing.AsksOnlyTheLifetime(host, endpoint.Route)));
        return canReplace ? facts.Add(ProbeDiagnostic.Edit, ProbeDiagnostic.MapLiveness) : facts;
    }

    /// <summary>The tag by which a check gets into liveness: one that a liveness endpoint selects by, or one of a liveness name; null where it has none.</summary>
    private static string? LivenessTag(HealthCheck check, HostFacts host)
    {
        foreach (var tag in check.Tags ?? [])
        {
            if (HealthEndpoints.IsLivenessName(tag))
                return tag;

            foreach (var endpoint in host.HealthEndpoints.All)
            {
                // With the tag it is run, without it isn't: the tag is why.
                if (endpoint is { Kind: ProbeKind.Liveness, Predicate: { IsAll: false } predicate }
                    && predicate.Selects(check.Name, [tag]) == true
                    && predicate.Selects(check.Name, []) == false
                    && predicate.Strings.Contains(tag, StringComparer.Ordinal))
                {
                    return tag;
                }
            }
        }

        return null;
    }

    private static Diagnostic OnCheck(HealthCheck check, string tag)
    {
        var syntax = check.Registration.Syntax;
        var place = syntax switch
        {
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: var name } } => name.GetLocation(),
            ObjectCreationExpressionSyntax { Type: var type } => type.GetLocation(),
            _ => syntax.GetLocation(),
        };
        var tagAt = TagLiteral(syntax, tag);
        var facts = tagAt is null ? ImmutableDictionary<string, string?>.Empty : ImmutableDictionary<string, string?>.Empty.Add(ProbeDiagnostic.Edit, ProbeDiagnostic.DropTag);
        return Diagnostic.Create(Descriptor, place, tagAt is null ? [] : [tagAt.GetLocation()], facts, check.Name ?? (check.Registration as IInvocationOperation)?.TargetMethod.Name ?? "The check");
    }

    // Where the tag is written in the registration itself, as an element of a list or as an argument of a params parameter.
    private static LiteralExpressionSyntax? TagLiteral(SyntaxNode registration, string tag)
    {
        SyntaxNode? arguments = registration switch
        {
            InvocationExpressionSyntax call => call.ArgumentList,
            BaseObjectCreationExpressionSyntax creation => creation.ArgumentList,
            _ => null,
        };
        if (arguments is null)
            return null;

        LiteralExpressionSyntax? last = null;
        foreach (var node in arguments.DescendantNodes(inner => inner is not AnonymousFunctionExpressionSyntax))
        {
            if (node is LiteralExpressionSyntax literal && literal.IsKind(SyntaxKind.StringLiteralExpression) && literal.Token.ValueText == tag)
                last = literal;
        }

        return last;
    }

    /// <summary>What a delegate or an action that reads the shutdown's state makes of it.</summary>
    private static class Failing
    {
        /// <summary>False where the only thing that it does at the stop is to answer healthy.</summary>
        public static bool CanFail(HostFacts host, IOperation? body)
        {
            if (body is null)
                return false;

            foreach (var operation in body.DescendantsAndSelf())
            {
                if (operation is IConditionalOperation branch && StopsWhen(host, branch.Condition) is { } stopsWhen)
                {
                    var atStop = stopsWhen ? branch.WhenTrue : branch.WhenFalse;
                    if (atStop is not null && AnswersHealthy(atStop))
                        return false;
                }
            }

            return true;
        }

        /// <summary>Whether nothing but the lifetime is asked, so that nothing is lost when liveness is a constant.</summary>
        public static bool AsksOnlyTheLifetime(HostFacts host, MappedRoute route) =>
            host.HealthEndpoints.AsksOnly(route, type =>
                host.Types.Inherits(type, KnownType.IHostApplicationLifetime)
                || host.Types.Inherits(type, KnownType.IGracefulShutdown)
                || host.Types.Is(type, KnownType.CancellationToken)
                || host.Types.Inherits(type, KnownType.WebApplication));

        /// <summary>The value that the condition has while the process stops; null where it can't be told.</summary>
        private static bool? StopsWhen(HostFacts host, IOperation condition) => Values.WalkDown(condition) switch
        {
            IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => !StopsWhen(host, not.Operand),
            IPropertyReferenceOperation { Property.Name: "IsCancellationRequested", Instance: { } token } when host.ShutdownState.IsReadBy(token) == true => true,
            IPropertyReferenceOperation { Property.Name: "IsDraining" } => true,
            _ => null,
        };

        private static bool AnswersHealthy(IOperation answer)
        {
            foreach (var operation in answer.DescendantsAndSelf())
            {
                switch (operation)
                {
                    case IInvocationOperation { TargetMethod.Name: "Healthy" or "Ok" or "NoContent" }:
                    case ILiteralOperation { ConstantValue: { HasValue: true, Value: 200 or 204 } }:
                    case ILiteralOperation { ConstantValue: { HasValue: true, Value: string } } when operation.Parent is IReturnOperation or IConditionalOperation or IConversionOperation:
                        return true;
                }
            }

            return false;
        }
    }
}
