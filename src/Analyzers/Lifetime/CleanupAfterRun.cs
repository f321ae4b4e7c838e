using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT114: asynchronous or blocking cleanup after <c>Run()</c>. The host no longer holds the signals, and a second one kills the process in its midst.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CleanupAfterRun() : ShutdownAnalyzer(Gate.Hosting | Gate.Executable, Descriptor)
{
    /// <summary>The property that holds the host's local, where the work can become a cleanup handler of the drain.</summary>
    internal const string Host = "host";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Info(
        RuleIds.CleanupAfterRun,
        Category.Lifetime,
        "Cleanup after Run is not protected from a second signal",
        "'{0}' runs after '{1}' has returned: the host no longer holds the signals, and a second SIGTERM kills the process in the midst of it",
        "Run disposes of the host before it returns, and with it of the host's signal handlers. What comes after has neither a timeout nor a place in the drain's report.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var cleanup in host.AfterRun.All)
            {
                if (cleanup.Statement.SyntaxTree == file.SemanticModel.SyntaxTree)
                {
                    file.ReportDiagnostic(Diagnostic.Create(
                        Descriptor,
                        Squiggle.Of(cleanup.Work),
                        [cleanup.Run.Syntax.GetLocation()],
                        Facts(cleanup, host),
                        cleanup.Work.TargetMethod.Name,
                        cleanup.Run.TargetMethod.Name));
                }
            }
        });

    private static ImmutableDictionary<string, string?> Facts(LateCleanup cleanup, HostFacts host)
    {
        var facts = ImmutableDictionary<string, string?>.Empty;

        // Handlers run in reverse order, so several can't be moved one by one.
        var canMove = host.AfterRun.All.Count == 1
            && host.Drain.IsLibraryRegistered
            && host.Types.Has(KnownType.IGracefulShutdown)
            && Values.Receiver(cleanup.Run) is ILocalReferenceOperation
            && cleanup.Statement is ExpressionStatementSyntax { Expression: AwaitExpressionSyntax { Expression: InvocationExpressionSyntax awaited } }
            && awaited == cleanup.Work.Syntax
            && Deferral.IsPossible(host, cleanup.Work)
            && UsesNothingLater(cleanup);
        return canMove ? facts.Add(Host, ((ILocalReferenceOperation)Values.Receiver(cleanup.Run)!).Local.Name) : facts;
    }

    private static bool UsesNothingLater(LateCleanup cleanup)
    {
        foreach (var operation in OperationWalk.All(cleanup.Work))
        {
            if (operation is ILocalReferenceOperation { Local.DeclaringSyntaxReferences: [var declared, ..] }
                && declared.Span.Start > cleanup.Run.Syntax.SpanStart
                && !cleanup.Work.Syntax.Span.Contains(declared.Span))
            {
                return false;
            }
        }

        return true;
    }
}
