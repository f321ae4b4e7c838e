using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers.Lifetime;

/// <summary>
/// SHUT106: a signal registration that nothing holds. Its finalizer takes it back, so that the handler is gone after a collection:
/// tests pass, production dies at random.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SignalRegistrationLost() : ShutdownAnalyzer(Gate.Signals, Descriptor)
{
    /// <summary>The property that says where the call stands.</summary>
    internal const string Place = "place";

    /// <summary>At the top level of the entry point: what is declared there lives as long as the program.</summary>
    internal const string Program = "program";

    /// <summary>Anywhere else: only a field lives long enough.</summary>
    internal const string InType = "type";

    /// <summary>The property that names the signal.</summary>
    internal const string Signal = "signal";

    private static readonly DiagnosticDescriptor Descriptor = Rule.Warning(
        RuleIds.SignalRegistrationLost,
        Category.Lifetime,
        "Nothing keeps the signal registration",
        "The registration for {0} is {1}: the signal then kills the process without its handler",
        "A PosixSignalRegistration ends when it is disposed of or finalized. One that nothing holds is finalized by some later garbage collection, and from then on the signal kills the process as if no handler had ever been there.");

    private enum Fate
    {
        Kept,
        Dropped,
        Unused,
        EndsWithUsing,
    }

    private protected override void Register(CompilationStartAnalysisContext context, HostFacts host) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var registration in host.Signals.Registrations)
            {
                if (registration.Tree != file.SemanticModel.SyntaxTree)
                    continue;

                var fate = FateOf(host, registration.Call);
                if (fate == Fate.Kept)
                    continue;

                var place = IsAtTopOfProgram(host, registration.Call.Syntax) ? Program : InType;
                file.ReportDiagnostic(Diagnostic.Create(
                    Descriptor,
                    Squiggle.Of(registration.Call),
                    ImmutableDictionary<string, string?>.Empty.Add(Place, place).Add(Signal, registration.Signal),
                    registration.Signal ?? "the signal",
                    fate switch
                    {
                        Fate.Dropped => "dropped and lost at the next garbage collection",
                        Fate.Unused => "kept by nothing after this line and lost at the next garbage collection",
                        _ => "disposed of before the program waits",
                    }));
            }
        });

    private static bool IsAtTopOfProgram(HostFacts host, SyntaxNode call) =>
        call.FirstAncestorOrSelf<StatementSyntax>() is { Parent: GlobalStatementSyntax or BlockSyntax { Parent: MethodDeclarationSyntax } } && IsInEntryPoint(host, call);

    private static Fate FateOf(HostFacts host, IInvocationOperation call)
    {
        var value = Values.WalkUp(call);
        switch (value.Parent)
        {
            case IExpressionStatementOperation:
                return Fate.Dropped;

            case ISimpleAssignmentOperation { Target: IDiscardOperation } assignment when assignment.Parent is IExpressionStatementOperation:
                return Fate.Dropped;

            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } assignment when assignment.Value == value:
                return FateOf(host, local, call);

            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                return FateOf(host, local, call);

            case IUsingOperation { Body: IBlockOperation { Operations.IsEmpty: true } or IEmptyOperation }:
                return Fate.EndsWithUsing;

            case IUsingOperation { Body: var body } when !MayWait(host, body):
                return Fate.EndsWithUsing;

            // An array that holds several registrations.
            case IArrayInitializerOperation { Parent: IArrayCreationOperation array } when array.Parent is IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } }:
                return FateOf(host, local, call);

            default:
                return Fate.Kept;
        }
    }

    private static Fate FateOf(HostFacts host, ILocalSymbol local, IInvocationOperation call)
    {
        if (local.IsUsing && local.DeclaringSyntaxReferences is [var declared, ..])
            return MayWaitInUsing(host, declared.GetSyntax()) ? Fate.Kept : Fate.EndsWithUsing;

        foreach (var use in host.Index.UsesOfLocal(local))
        {
            // What is only assigned to isn't held.
            if (use.Parent is ISimpleAssignmentOperation assignment && assignment.Target == use && assignment.Parent is IExpressionStatementOperation)
                continue;

            // A use before this line doesn't keep what this line creates, unless both stand in a loop.
            if (use.Syntax.SpanStart > call.Syntax.SpanStart || IsInLoop(call.Syntax) || IsInAnotherFunction(use.Syntax, call.Syntax))
                return Fate.Kept;
        }

        return Fate.Unused;
    }

    private static bool IsInLoop(SyntaxNode node)
    {
        foreach (var ancestor in node.Ancestors())
        {
            if (ancestor is WhileStatementSyntax or ForStatementSyntax or DoStatementSyntax or CommonForEachStatementSyntax)
                return true;
        }

        return false;
    }

    private static bool IsInAnotherFunction(SyntaxNode left, SyntaxNode right) => Function(left) != Function(right);

    private static SyntaxNode? Function(SyntaxNode node)
    {
        foreach (var ancestor in node.Ancestors())
        {
            if (ancestor is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)
                return ancestor;
        }

        return null;
    }

    /// <summary>Whether the program may wait while a <c>using</c> holds the registration: its statement's body, or what follows a declaration in its block.</summary>
    private static bool MayWaitInUsing(HostFacts host, SyntaxNode declarator)
    {
        if (declarator.FirstAncestorOrSelf<UsingStatementSyntax>() is { } statement && statement.Declaration?.Span.Contains(declarator.Span) == true)
            return MayWait(host, statement.Statement);

        var declaration = declarator.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>();
        var following = declaration?.Parent switch
        {
            // What stands at the top of Main, or is a top-level statement, lives as long as the program.
            BlockSyntax { Parent: MethodDeclarationSyntax } when IsInEntryPoint(host, declarator) => null,
            BlockSyntax block => (IEnumerable<SyntaxNode>)block.Statements,
            SwitchSectionSyntax section => section.Statements,
            _ => null,
        };
        if (following is null)
            return true;

        foreach (var statementAfter in following)
        {
            if (statementAfter.SpanStart > declaration!.SpanStart && MayWait(host, statementAfter))
                return true;
        }

        return false;
    }

    private static bool IsInEntryPoint(HostFacts host, SyntaxNode node) =>
        host.EntryPoint is { } entry && SymbolEqualityComparer.Default.Equals(host.Index.EnclosingMethod(node), entry);

    private static bool MayWait(HostFacts host, SyntaxNode statement) =>
        host.Index.Operation(statement) is not { } operation || MayWait(host, operation);

    // Anything but a line to the console, a log or another registration may be where the program waits. Handlers run elsewhere.
    private static bool MayWait(HostFacts host, IOperation operation)
    {
        switch (operation)
        {
            case IAwaitOperation or ILoopOperation or IDynamicInvocationOperation or IInvalidOperation:
            case IReturnOperation { Kind: OperationKind.YieldReturn }:
            case IInvocationOperation call when !IsShort(host, call.TargetMethod):
                return true;
            case IAnonymousFunctionOperation:
                return false;
        }

        foreach (var child in operation.ChildOperations)
        {
            if (MayWait(host, child))
                return true;
        }

        return false;
    }

    private static bool IsShort(HostFacts host, IMethodSymbol method) =>
        host.Types.Is(method.ContainingType, KnownType.PosixSignalRegistration)
        || (method.ContainingType is { Name: "Console", ContainingNamespace.Name: "System" } && method.Name.StartsWith("Write", StringComparison.Ordinal))
        || (method.Name.StartsWith("Log", StringComparison.Ordinal) && method.ReturnsVoid);
}
