using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// What one compilation says about its host. Every part is worked out on first use, once, and shared by all rules:
/// a rule asks here and never another rule.
/// </summary>
internal sealed class HostFacts
{
    // Weak on the compilation: nothing here keeps one alive.
    private static readonly ConditionalWeakTable<Compilation, HostFacts> Known = new();

    private static readonly string[] TestFrameworks = ["xunit.core", "xunit.v3.core", "nunit.framework", "Microsoft.VisualStudio.TestPlatform.TestFramework", "MSTest.TestFramework", "TUnit.Core"];

    private readonly AnalyzerConfigOptionsProvider _optionsProvider;
    private readonly Lazy<HostBuilds> _builds;
    private readonly Lazy<DrainRegistrations> _drain;
    private readonly Lazy<RunningHosts> _running;
    private readonly Lazy<Signals> _signals;
    private readonly Lazy<IMethodSymbol?> _entryPoint;
    private readonly Lazy<bool> _isForOnePlatform;

    private HostFacts(Compilation compilation, AnalyzerConfigOptionsProvider optionsProvider)
    {
        _optionsProvider = optionsProvider;
        Compilation = compilation;
        Options = new ShutdownOptions(optionsProvider);
        Types = new KnownTypes(compilation);
        Index = new SourceIndex(compilation);
        IsExecutable = compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication;
        IsTestProject = FindsTestProject();
        _builds = new(() => new HostBuilds(this));
        _drain = new(() => new DrainRegistrations(this));
        _running = new(() => new RunningHosts(this));
        _signals = new(() => new Signals(this));
        _entryPoint = new(() => compilation.GetEntryPoint(CancellationToken.None));
        _isForOnePlatform = new(FindPlatform);
    }

    public Compilation Compilation { get; }

    public ShutdownOptions Options { get; }

    public KnownTypes Types { get; }

    public SourceIndex Index { get; }

    public bool IsExecutable { get; }

    public bool IsTestProject { get; }

    /// <summary>The program's <c>Main</c>, or the method that holds its top-level statements; null in a library and in code that doesn't compile.</summary>
    public IMethodSymbol? EntryPoint => _entryPoint.Value;

    /// <summary>A desktop, phone or browser program: it isn't stopped by SIGTERM in service.</summary>
    public bool IsForOnePlatform => _isForOnePlatform.Value;

    /// <summary>Where hosts are built, and which of them run.</summary>
    public HostBuilds Builds => _builds.Value;

    /// <summary>What makes this program drain.</summary>
    public DrainRegistrations Drain => _drain.Value;

    /// <summary>Whether a host runs in this program and owns its signals.</summary>
    public RunningHosts Running => _running.Value;

    /// <summary>How the program learns of signals without a host.</summary>
    public Signals Signals => _signals.Value;

    /// <summary>The facts of a compilation; every rule of one run gets the same object.</summary>
    public static HostFacts Of(Compilation compilation, AnalyzerOptions options)
    {
        var provider = options.AnalyzerConfigOptionsProvider;
        var facts = Known.GetValue(compilation, key => new HostFacts(key, provider));

        // One compilation analysed under two sets of options: only a test host does this.
        return ReferenceEquals(facts._optionsProvider, provider) ? facts : new HostFacts(compilation, provider);
    }

    public bool Passes(Gate gate) =>
        !IsTestProject
        && (!gate.HasFlag(Gate.Executable) || IsExecutable)
        && (!gate.HasFlag(Gate.Hosting) || Types.Has(KnownType.IHostedService))
        && (!gate.HasFlag(Gate.WebHosting) || Types.Has(KnownType.IWebHostBuilder))
        && (!gate.HasFlag(Gate.Signals) || Types.Has(KnownType.PosixSignalRegistration));

    private bool FindPlatform()
    {
        if (Compilation.Options.OutputKind == OutputKind.WindowsApplication)
            return true;

        // The SDK writes this attribute for net10.0-windows, -android, -browser and the like.
        foreach (var attribute in Compilation.Assembly.GetAttributes())
        {
            if (attribute.AttributeClass?.Name == "TargetPlatformAttribute")
                return true;
        }

        return false;
    }

    private bool FindsTestProject()
    {
        if (string.Equals(Options.BuildProperty("IsTestProject"), "true", StringComparison.OrdinalIgnoreCase))
            return true;

        foreach (var assembly in Compilation.ReferencedAssemblyNames)
        {
            if (Array.IndexOf(TestFrameworks, assembly.Name) >= 0)
                return true;
        }

        return false;
    }
}
