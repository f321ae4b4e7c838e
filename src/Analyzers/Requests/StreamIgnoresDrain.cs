using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Requests;

/// <summary>SHUT501: a handler that goes on until the client leaves. The server waits for it at every stop, until the shutdown timeout, and then resets the connection.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StreamIgnoresDrain() : ShutdownAnalyzer(Gate.WebHosting, Descriptor)
{
    /// <summary>The property that says for each token at which additional location its endpoint is; -1 where it has none.</summary>
    internal const string Endpoints = "endpoints";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.StreamIgnoresDrain,
        Category.Requests,
        "A stream ends only when the client leaves",
        "This {0} ends only when the client leaves: every stop waits for it until the shutdown timeout, and then its connection is reset",
        "RequestAborted, and a handler's CancellationToken with it, fires when the client leaves and not when the service stops. A stream that knows nothing else holds the stop for the whole ShutdownTimeout.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host)
    {
        context.RegisterOperationAction(operation => Report(operation, host.Streams.OfLoop((ILoopOperation)operation.Operation), () => Squiggle.Of((ILoopOperation)operation.Operation)), OperationKind.Loop);
        context.RegisterOperationAction(operation => Report(operation, host.Streams.OfCall((IInvocationOperation)operation.Operation), () => Squiggle.Of((IInvocationOperation)operation.Operation)), OperationKind.Invocation);
    }

    // The tokens, and then the endpoints that own some of them; the fact says which.
    private static void Report(OperationAnalysisContext context, RequestStream? stream, Func<Location> place)
    {
        if (stream is null)
            return;

        var endpoints = stream.Tokens.Select(token => token.Endpoint).OfType<SyntaxNode>().Distinct().ToList();
        var owners = stream.Tokens.Select(token => token.Endpoint is { } endpoint ? stream.Tokens.Count + endpoints.IndexOf(endpoint) : -1);
        context.ReportDiagnostic(Diagnostic.Create(
            Descriptor,
            place(),
            stream.Tokens.Select(token => token.Syntax.GetLocation()).Concat(endpoints.Select(endpoint => endpoint.GetLocation())),
            ImmutableDictionary<string, string?>.Empty.Add(Endpoints, string.Join(" ", owners)),
            Describe(stream.Kind)));
    }

    private static string Describe(StreamKind kind) => kind switch
    {
        StreamKind.WebSocket => "web socket's loop",
        StreamKind.Grpc => "gRPC stream",
        StreamKind.LongPoll => "long poll",
        _ => "stream",
    };
}
