using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using ShutdownAnalyzers.HostModel;

namespace ShutdownAnalyzers;

/// <summary>
/// The base of every rule. <see cref="Initialize"/> is sealed, so that concurrency, generated code, test projects and the gate
/// can't be forgotten: where a compilation doesn't pass the gate, the rule registers nothing and costs nothing.
/// </summary>
public abstract class ShutdownAnalyzer : DiagnosticAnalyzer
{
    private readonly Gate _gate;

    private protected ShutdownAnalyzer(Gate gate, params DiagnosticDescriptor[] rules)
    {
        _gate = gate;
        SupportedDiagnostics = ImmutableArray.Create(rules);
    }

    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            var host = HostFacts.Of(start.Compilation, start.Options);
            if (host.Passes(_gate))
                Register(start, host);
        });
    }

    /// <summary>
    /// Registers the rule's actions for one compilation that passed the gate. Diagnostics are reported from operation, symbol or
    /// semantic-model actions, never at the end of the compilation: those would not show while typing, and had no light bulb.
    /// A rule that knows the names it looks for takes <see cref="RegisterUses"/>: to be told of every call costs more than most rules.
    /// What a rule must know of other files it asks of <paramref name="host"/>.
    /// </summary>
    private protected abstract void Register(CompilationStartAnalysisContext context, HostFacts host);

    /// <summary>Looks at each use of some of <see cref="IndexedNames"/>, file by file.</summary>
    private protected static void RegisterUses(CompilationStartAnalysisContext context, IEnumerable<string> names, Action<SemanticModelAnalysisContext, SimpleNameSyntax> analyze) =>
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var use in SourceIndex.UsesIn(file.SemanticModel.SyntaxTree, names))
                analyze(file, use);
        });

    /// <summary>Looks at each call of a method that has one of <see cref="IndexedNames"/>, file by file.</summary>
    private protected static void RegisterCalls(CompilationStartAnalysisContext context, HostFacts host, IEnumerable<string> names, Action<SemanticModelAnalysisContext, IInvocationOperation> analyze) =>
        RegisterUses(context, names, (file, use) =>
        {
            if (SourceIndex.InvocationOf(use) is { } syntax && host.Index.Operation(syntax) is IInvocationOperation call)
                analyze(file, call);
        });
}

/// <summary>What a compilation must have for a rule to run on it at all. Test projects never pass.</summary>
[Flags]
internal enum Gate
{
    /// <summary>Any compilation that isn't a test project.</summary>
    None = 0,

    /// <summary>References the hosting abstractions (<c>IHostedService</c>).</summary>
    Hosting = 1,

    /// <summary>References ASP.NET Core's hosting (<c>IWebHostBuilder</c>).</summary>
    WebHosting = 2,

    /// <summary>Compiles to a program, so that all code which can close something is in sight.</summary>
    Executable = 4,

    /// <summary>The target framework has <c>PosixSignalRegistration</c> (.NET 6 and later).</summary>
    Signals = 8,

    /// <summary>Can have a resource of <see cref="ResourceTable"/>: it knows one of the libraries, a database provider, or types of the option <c>pool_types</c>.</summary>
    Resources = 16,

    /// <summary>References the container's abstractions (<c>IServiceCollection</c>).</summary>
    Container = 32,
}
