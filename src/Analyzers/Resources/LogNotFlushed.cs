using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Resources;

/// <summary>
/// SHUT305: a program that sets up Serilog and never flushes it, or that keeps NLog from flushing itself. What the sinks still hold when the
/// process ends is lost: just the lines that say why it ended.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LogNotFlushed() : ShutdownAnalyzer(Gate.Executable, Descriptor)
{
    /// <summary>The property that holds the statement which flushes; the first additional location is the statement that sets the log up.</summary>
    internal const string Flush = "flush";

    /// <summary>The property that is there where the host can own the logger: the first additional location is the call that registers it.</summary>
    internal const string Own = "own";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.LogNotFlushed,
        Category.Resources,
        "The log is never flushed",
        "Nothing flushes {0} before the process ends: what its {1} still hold then is lost",
        "Sinks that send in batches or in the background hold the last lines for a while. Nobody but the program that set the log up flushes it.");

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host)
    {
        RegisterUses(context, IndexedNames.LogProperties, (file, use) =>
        {
            if (SourceIndex.ExpressionOf(use) is { Parent: AssignmentExpressionSyntax syntax } target && syntax.Left == target && host.Index.Operation(syntax) is ISimpleAssignmentOperation assignment)
                AnalyzeAssignment(file, host, assignment);
        });
        RegisterCalls(context, host, SerilogLogs.Registrations, (file, call) => AnalyzeRegistration(file, host, call));
    }

    private static void AnalyzeAssignment(SemanticModelAnalysisContext context, HostFacts host, ISimpleAssignmentOperation assignment)
    {
        if (assignment.Target is not IPropertyReferenceOperation { Property: var property })
            return;

        if (SerilogLogs.IsStaticLogger(property))
        {
            if (SerilogLogs.FirstSetUp(host, property) == assignment.Syntax && !SerilogLogs.IsFlushed(host, property))
                Report(context, host, assignment.Target, "CloseAndFlush", "Serilog's logger", "sinks");
        }
        else if (NLogLogs.KeepsFromFlushing(assignment) && !NLogLogs.IsFlushed(host))
        {
            Report(context, host, assignment.Target, "Shutdown", "NLog", "targets");
        }
    }

    /// <summary><c>UseSerilog(logger)</c>: the logger stays the caller's.</summary>
    private static void AnalyzeRegistration(SemanticModelAnalysisContext context, HostFacts host, IInvocationOperation call)
    {
        if (SerilogLogs.LoggerGivenTo(call) is not { } logger || Values.SymbolOf(logger) is not null || host.Ownership.CreationIn(logger) is null)
            return;

        var facts = ImmutableDictionary<string, string?>.Empty;
        if (SerilogLogs.CanBeOwnedBy(call))
            facts = facts.Add(Own, "true");
        context.ReportDiagnostic(Diagnostic.Create(Descriptor, Squiggle.Of(call), [call.Syntax.GetLocation()], facts, "the logger that is given to " + call.TargetMethod.Name, "sinks"));
    }

    private static void Report(SemanticModelAnalysisContext context, HostFacts host, IOperation target, string flush, string name, string parts)
    {
        var facts = ImmutableDictionary<string, string?>.Empty;
        SyntaxNode? place = null;
        if (target.Syntax is MemberAccessExpressionSyntax { Expression: var log, Parent.Parent: ExpressionStatementSyntax statement }
            && SymbolEqualityComparer.Default.Equals(host.Index.EnclosingMethod(statement), host.EntryPoint)
            && Functionless(statement)
            && LastCall.CanRunUnderFinally(statement))
        {
            place = statement;
            facts = facts.Add(Flush, $"{log}.{flush}();");
        }
        else if (flush == "CloseAndFlush" && SerilogLogs.RegistrationOfStatic(host) is { } registration)
        {
            // It is set up elsewhere than in the entry point.
            place = registration.Syntax;
            facts = facts.Add(Own, "true");
        }

        context.ReportDiagnostic(Diagnostic.Create(Descriptor, target.Syntax.GetLocation(), place is null ? [] : [place.GetLocation()], facts, name, parts));
    }

    private static bool Functionless(SyntaxNode node)
    {
        foreach (var function in Function.Around(node))
            return function is BaseMethodDeclarationSyntax;
        return true;
    }
}
