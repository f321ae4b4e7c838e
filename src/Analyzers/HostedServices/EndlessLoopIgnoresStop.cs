using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT201: a loop without end that no stop reaches. The host waits for it until the shutdown timeout and then leaves it in the middle of its work.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EndlessLoopIgnoresStop() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.EndlessLoopIgnoresStop,
        Category.HostedServices,
        "An endless loop of a hosted service ignores the stop",
        "'{0}' loops without end and nothing in the loop observes the stop: the host waits for its whole shutdown timeout and then kills the loop in the middle of its work",
        "The host signals the stop by a token. A loop that never looks at it holds the stop for the whole ShutdownTimeout, 30 seconds by default, which is also the time after which Kubernetes kills the process.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var method in host.HostedServices.Running(file.SemanticModel.SyntaxTree))
            {
                foreach (var loop in method.DeafLoops)
                    file.ReportDiagnostic(Diagnostic.Create(Descriptor, Squiggle.Of(loop), ReachedToken.Facts(host, loop, method), method.Name));
            }
        });
}

/// <summary>The stopping token that the code at a diagnostic can name, as a fact for the fix.</summary>
internal static class ReachedToken
{
    /// <summary>The property that holds the token's expression; absent where none is in reach.</summary>
    public const string Property = "token";

    public static ImmutableDictionary<string, string?> Facts(HostFacts host, IOperation place, ServiceMethod method) =>
        Facts(host.Tokens.InReach(place, method));

    public static ImmutableDictionary<string, string?> Facts(string? token) =>
        token is null ? ImmutableDictionary<string, string?>.Empty : ImmutableDictionary<string, string?>.Empty.Add(Property, token);
}
