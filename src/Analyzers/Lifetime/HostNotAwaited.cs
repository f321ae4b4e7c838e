using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>SHUT109: a host that is started and that nobody waits for or stops. It dies with <c>Main</c>: no service is stopped and nothing is disposed.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HostNotAwaited() : ShutdownAnalyzer(Gate.Executable | Gate.Hosting, Descriptor)
{
    /// <summary>The property that holds the local's name; absent where the host has none.</summary>
    internal const string Host = "host";

    /// <summary>The property that is there where an endless wait follows, which the first additional location points to.</summary>
    internal const string Waits = "waits";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.HostNotAwaited,
        Category.Lifetime,
        "Nobody waits for the host",
        "'{0}' starts the host and nobody waits for it or stops it: it ends with Main, and its services are cut off in the middle of their work",
        "A host stops in order when RunAsync is awaited, when WaitForShutdownAsync is, or when StopAsync is called. When Main ends before, the process ends with it: no StopAsync, no disposal, exit code 0.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var start in host.HostStarts.All)
            {
                if (start.Tree == file.SemanticModel.SyntaxTree
                    && start is { IsWaitedFor: false, Stop: null, Escapes: false }
                    && !host.IsForOnePlatform
                    && !IsAwaitedRun(host, start))
                {
                    file.ReportDiagnostic(Create(host, start));
                }
            }
        });

    private static bool IsAwaitedRun(HostFacts host, HostStart start)
    {
        if (!start.IsRun)
            return false;

        var (fate, store) = StartedWork.FateOf(start.Call);
        return fate switch
        {
            Fate.Discarded => false,
            Fate.Stored when store is ILocalSymbol local => IsRead(host, local),
            _ => true,
        };
    }

    private static bool IsRead(HostFacts host, ILocalSymbol local)
    {
        foreach (var use in host.Index.UsesOfLocal(local))
        {
            if (use.Parent is not IAssignmentOperation assignment || assignment.Target != use)
                return true;
        }

        return false;
    }

    private static Diagnostic Create(HostFacts host, HostStart start)
    {
        var facts = ImmutableDictionary<string, string?>.Empty;
        if (start.Host is { } local)
            facts = facts.Add(Host, local.Name);

        var places = new List<Location>();
        if (host.ProgramWaits.Endless is { WaitEnd.By: EndedBy.Nothing, Operation: var wait } && wait.Syntax.SpanStart > start.Call.Syntax.SpanStart)
        {
            facts = facts.Add(Waits, "");
            places.Add(wait.Syntax.GetLocation());
        }

        return Diagnostic.Create(Descriptor, Squiggle.Of(start.Call), places, facts, HostBuildDiagnostic.Describe(start.Call));
    }
}
