using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT213: a channel whose reader leaves at the stop with items still in it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ChannelItemsDropped() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Info(
        RuleIds.ChannelItemsDropped,
        Category.HostedServices,
        "A channel's reader drops what is queued when the service stops",
        "'{0}' leaves the channel at the stop with items of '{1}' still in it: nothing reads them afterwards",
        "The stopping token ends the reader, not the queue. Complete the writer at the stop and read to the end without the token, or read what is left once the token has fired.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var method in host.HostedServices.Running(file.SemanticModel.SyntaxTree))
            {
                foreach (var operation in OperationWalk.All(method.Body))
                {
                    if (operation is IInvocationOperation read
                        && host.Channels.ItemReadBy(read) is { } item
                        && new ChannelReads(host, method).LeavesItems(read, item))
                    {
                        file.ReportDiagnostic(Diagnostic.Create(Descriptor, Squiggle.Of(read), method.Name, item.ToMinimalDisplayString(file.SemanticModel, read.Syntax.SpanStart)));
                    }
                }
            }
        });
}
