using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>Asynchronous or blocking work in the entry point after the host has run.</summary>
/// <param name="Run">The call that runs the host.</param>
/// <param name="Statement">The statement that does the work.</param>
/// <param name="Work">The call that takes its time.</param>
internal sealed record LateCleanup(IInvocationOperation Run, StatementSyntax Statement, IInvocationOperation Work);

/// <summary>Finds what a program still does when <c>Run()</c> has returned: the host is disposed of by then, and no longer holds the signals.</summary>
internal sealed class AfterRun
{
    private static readonly string[] RunNames = ["Run", "RunAsync", "RunConsoleAsync"];

    private readonly HostFacts _host;
    private readonly List<LateCleanup> _all = [];

    public AfterRun(HostFacts host)
    {
        _host = host;

        // A program with a signal registration of its own holds the signals to the end.
        if (host.EntryPoint is not { } entryPoint || IndexedNames.Termination.Any(host.Index.Any))
            return;

        foreach (var name in RunNames)
        {
            foreach (var syntax in host.Index.Invocations(name))
            {
                if (IsInEntryPoint(syntax, entryPoint) && host.Index.Operation(syntax) is IInvocationOperation run && RunsHost(run))
                    Search(run);
            }
        }
    }

    public IReadOnlyList<LateCleanup> All => _all;

    private bool IsInEntryPoint(SyntaxNode call, IMethodSymbol entryPoint)
    {
        foreach (var ancestor in call.Ancestors())
        {
            switch (ancestor)
            {
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax:
                    return false;
                case MemberDeclarationSyntax:
                    return SymbolEqualityComparer.Default.Equals(_host.Index.EnclosingMethod(call), entryPoint);
            }
        }

        return false;
    }

    private bool RunsHost(IInvocationOperation call) =>
        Values.Receiver(call)?.Type is { } receiver
        && (_host.Types.IsHost(receiver) || (call.TargetMethod.Name == "RunConsoleAsync" && _host.Types.Inherits(receiver, KnownType.IHostBuilder)))
        && (!StartedWork.IsTask(call.Type, _host) || StartedWork.FateOf(call).Fate == Fate.Awaited);

    private void Search(IInvocationOperation run)
    {
        foreach (var statement in Following(run.Syntax))
        {
            foreach (var operation in OperationWalk.Own(_host.Index.Operation(statement)))
            {
                if (TimeTaking(operation) is not { } work || IsExempt(work))
                    continue;

                _all.Add(new(run, statement, work));
                break;
            }
        }
    }

    /// <summary>The statements that run after the one of <paramref name="run"/>, up to the end of the entry point.</summary>
    private static IEnumerable<StatementSyntax> Following(SyntaxNode run)
    {
        for (SyntaxNode child = run, node = run.Parent!; node is not (null or BaseMethodDeclarationSyntax); child = node, node = node.Parent!)
        {
            switch (node)
            {
                case BlockSyntax block when child is StatementSyntax statement:
                    foreach (var later in block.Statements.Skip(block.Statements.IndexOf(statement) + 1))
                        yield return later;
                    break;

                case TryStatementSyntax { Finally: { } last } attempt when child == attempt.Block:
                    foreach (var later in last.Block.Statements)
                        yield return later;
                    break;

                case CompilationUnitSyntax unit when child is GlobalStatementSyntax statement:
                    foreach (var later in unit.Members.Skip(unit.Members.IndexOf(statement) + 1))
                    {
                        if (later is GlobalStatementSyntax { Statement: not LocalFunctionStatementSyntax } global)
                            yield return global.Statement;
                    }

                    yield break;
            }
        }
    }

    /// <summary>The call that is awaited or that blocks.</summary>
    private IInvocationOperation? TimeTaking(IOperation operation)
    {
        switch (operation)
        {
            case IAwaitOperation { Operation: var awaited }:
                return Values.WalkDown(awaited) as IInvocationOperation;

            case IInvocationOperation { TargetMethod: { Name: "Sleep" or "Join", ContainingType: var type } } call when _host.Types.Is(type, KnownType.Thread):
                return call;

            case IInvocationOperation { TargetMethod.Name: "Wait" or "GetAwaiter", Instance: { } task } when StartedWork.IsTask(task.Type, _host):
                return Values.WalkDown(task) as IInvocationOperation;

            default:
                return null;
        }
    }

    /// <summary>The last log lines, and what is done to the host itself.</summary>
    private bool IsExempt(IInvocationOperation work)
    {
        var type = work.TargetMethod.ContainingType;
        if (work.TargetMethod.Name.StartsWith("CloseAndFlush", StringComparison.Ordinal)
            || type.Name is "Console" or "TextWriter" or "StreamWriter" or "LogManager" or "Log"
            || type.Name.EndsWith("Logger", StringComparison.Ordinal)
            || type.Name.EndsWith("LoggerFactory", StringComparison.Ordinal))
        {
            return true;
        }

        for (var receiver = Values.Receiver(work); receiver is not null; receiver = receiver is IInvocationOperation call ? Values.Receiver(call) : null)
        {
            if (_host.Types.IsHost(receiver.Type) || receiver.Type is { } of && (of.Name.EndsWith("Logger", StringComparison.Ordinal) || of.Name is "TextWriter"))
                return true;
        }

        return false;
    }
}
