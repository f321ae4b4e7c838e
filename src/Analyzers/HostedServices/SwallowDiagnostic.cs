using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.HostedServices;

/// <summary>A diagnostic on a catch clause that takes the cancellation, with the facts that the fix needs.</summary>
internal static class SwallowDiagnostic
{
    /// <summary>The property that holds the statement by which the clause leaves the right loop: <c>break</c>, <c>return</c> or <c>throw</c>.</summary>
    public const string Exit = "exit";

    public static Diagnostic Create(DiagnosticDescriptor descriptor, Swallow swallow, ServiceMethod method, HostFacts host)
    {
        var clause = (CatchClauseSyntax)swallow.Catch.Syntax;
        var head = clause.Declaration is { } declaration ? TextSpan.FromBounds(clause.SpanStart, declaration.Span.End) : clause.CatchKeyword.Span;
        var facts = ReachedToken.Facts(host, swallow.Catch, method);
        return Diagnostic.Create(
            descriptor,
            Location.Create(clause.SyntaxTree, head),
            facts.Add(Exit, ExitOf(swallow)),
            clause.Declaration is { Type: var type } ? $"catch ({type})" : "catch",
            swallow.LoopOf);
    }

    private static string ExitOf(Swallow swallow) => swallow.Exit switch
    {
        LoopExit.Break => "break",
        LoopExit.Return => "return",
        _ => "throw",
    };
}
