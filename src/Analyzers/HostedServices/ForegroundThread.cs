using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>SHUT212: a foreground thread that outlives the host. The process stays until the thread ends, or until it is killed.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ForegroundThread() : ShutdownAnalyzer(Gate.Hosting, Descriptor)
{
    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.ForegroundThread,
        Category.HostedServices,
        "A hosted service starts a foreground thread that its stop doesn't end",
        "The thread that '{0}' starts is a foreground thread, and the stop of '{1}' doesn't end it: the process stays alive after the host has stopped, until the thread ends",
        "A process ends when its last foreground thread does. Main returns when the host has stopped, but a thread that nobody ends keeps the process until the platform kills it.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var method in host.HostedServices.Running(file.SemanticModel.SyntaxTree))
            {
                var tracking = new WorkTracking(host, method);
                foreach (var work in BackgroundWork.In(host, method))
                {
                    if (work is { Kind: WorkKind.Thread, Start: IObjectCreationOperation { Syntax: var syntax } creation }
                        && !Threads.IsBackground(host, creation)
                        && Threads.IsStarted(host, creation)
                        && tracking.IsUntracked(work))
                    {
                        var place = syntax is ObjectCreationExpressionSyntax { Type: var type } ? type : syntax;
                        file.ReportDiagnostic(Diagnostic.Create(Descriptor, place.GetLocation(), method.Name, method.Services[0].Type.Name));
                    }
                }
            }
        });
}
