using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Resources;

/// <summary>
/// SHUT303: messages that are put into a Kafka producer's buffer, and nothing flushes it. What has not been sent when the producer is
/// disposed is lost, without an error.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ProducerNotFlushed() : ShutdownAnalyzer(Gate.Resources, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.ProducerNotFlushed,
        Category.Resources,
        "A producer's buffer is never flushed",
        "Nothing flushes '{0}' and nobody waits for this message: it is lost if it is still in the buffer when the program stops",
        "Produce only puts a message into the client's buffer. Disposing of the producer drops what has not been sent; Flush waits until it is.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        RegisterCalls(context, host, Producers.Names, (file, call) => Analyze(file, host, call));

    private static void Analyze(SemanticModelAnalysisContext context, HostFacts host, IInvocationOperation call)
    {
        if (Producers.LeftWith(host, call) is not { } producer
            || host.Resources.Find(producer.Type, call.Syntax.SyntaxTree) is not { } resource
            || Values.SymbolOf(producer) is not { } variable
            || Producers.FirstLeftWith(host, variable)?.Syntax != call.Syntax)
        {
            return;
        }

        var flushed = Ending.Flushed(resource);
        if (host.Ownership.IsReleased(variable, flushed)
            || !(host.Ownership.CreationOf(variable) is { } creation ? IsOwn(host, variable, creation) : IsInjected(host, variable))
            || IsFlushedAsService(host, producer.Type!, variable, flushed))
        {
            return;
        }

        var flush = Release.Facts(resource, "Flush");
        var (facts, place) = host.Ownership.IsInjected(variable) ? LastCall.ForService(host, producer.Type!, flush) : LastCall.For(host, variable, flush);
        context.ReportDiagnostic(Diagnostic.Create(Descriptor, Squiggle.Of(call), place is null ? [] : [place.GetLocation()], facts, variable.Name));
    }

    /// <summary>A producer that shares its buffer with another is flushed with that one, in either direction.</summary>
    private static bool IsOwn(HostFacts host, ISymbol variable, IOperation creation)
    {
        if (creation is IInvocationOperation { TargetMethod.ContainingType.Name: "DependentProducerBuilder" })
            return false;

        foreach (var reference in host.Ownership.ReferencesTo(variable))
        {
            if (reference.Parent is IPropertyReferenceOperation { Property.Name: "Handle" })
                return false;
        }

        return true;
    }

    /// <summary>
    /// Given by the container, which disposes of it and doesn't flush it. Only where the program makes its producers itself: another project
    /// may flush those that it registers.
    /// </summary>
    private static bool IsInjected(HostFacts host, ISymbol variable) =>
        host.IsExecutable && host.Index.Any("ProducerBuilder") && host.Ownership.IsInjected(variable);

    /// <summary>Flushed by whoever else gets it from the container; where one producer of an injected kind is flushed, it may be this one.</summary>
    private static bool IsFlushedAsService(HostFacts host, ITypeSymbol type, ISymbol variable, Ending flushed) =>
        host.Ownership.IsInjected(variable) ? host.Ownership.IsServiceReleased(type, null, flushed) : host.Ownership.IsReleasedAsService(variable, flushed);
}
