using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Resources;

/// <summary>
/// SHUT304: a Kafka consumer that is disposed or dropped without <c>Close</c>. It doesn't leave its group: the broker holds its partitions
/// until the session times out, and the last offsets are not committed.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ConsumerNotClosed() : ShutdownAnalyzer(Gate.Resources, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.ConsumerNotClosed,
        Category.Resources,
        "A consumer never leaves its group",
        "Nothing calls Close on this consumer: its last offsets are not committed, and its partitions are read by nobody until the session times out",
        "Dispose alone doesn't leave the consumer group. Close commits the offsets and hands the partitions to the others at once.");

    private static readonly HashSet<string> Creators = ResourceTable.CreatorNames(ResourceKind.Consumer);

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        RegisterCalls(context, host, Creators, (file, creation) => Analyze(file, host, creation));

    private static void Analyze(SemanticModelAnalysisContext context, HostFacts host, IInvocationOperation creation)
    {
        if (host.Resources.MadeBy(creation) is not { Kind: ResourceKind.Consumer } resource)
            return;

        var left = Ending.Left(resource);
        var service = ServiceFactory.Around(creation);
        if (service is null ? host.Ownership.IsReleased(creation, left) : !host.IsExecutable || host.Ownership.IsServiceReleased(service, creation.Type, left))
            return;

        // One that only asks for offsets, or is assigned its partitions, is in no group.
        if (!host.Ownership.IsReleased(creation, Ending.Started(resource)))
            return;

        var variable = Creations.VariableOf(creation);
        if (variable is not null && host.Ownership.IsReleasedAsService(variable, left))
            return;

        var close = Release.Facts(resource, "Close");
        var (facts, place) = service is not null ? LastCall.ForService(host, service, close)
            : variable is not null ? LastCall.For(host, variable, close)
            : (close, null);
        context.ReportDiagnostic(Diagnostic.Create(Descriptor, Squiggle.Of(creation), place is null ? [] : [place.GetLocation()], facts));
    }
}
