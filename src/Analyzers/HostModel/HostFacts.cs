using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using ShutdownAnalyzers.Deployment;
using ShutdownAnalyzers.Deployment.Files;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// What one compilation says about its host. Every part is worked out on first use, once, and shared by all rules:
/// a rule asks here and never another rule.
/// </summary>
internal sealed class HostFacts
{
    // Weak on the compilation: nothing here keeps one alive.
    private static readonly ConditionalWeakTable<Compilation, HostFacts> Known = new();

    private const string HostingAssembly = "Microsoft.Extensions.Hosting.Abstractions";

    private const string ContainerAssembly = "Microsoft.Extensions.DependencyInjection.Abstractions";

    private const string WebHostingAssembly = "Microsoft.AspNetCore.Hosting.Abstractions";

    private static readonly string[] TestFrameworks = ["xunit.core", "xunit.v3.core", "nunit.framework", "Microsoft.VisualStudio.TestPlatform.TestFramework", "MSTest.TestFramework", "TUnit.Core"];

    private readonly AnalyzerConfigOptionsProvider _optionsProvider;
    private readonly Dictionary<string, Version> _references = new(StringComparer.Ordinal);
    private readonly Lazy<HostBuilds> _builds;
    private readonly Lazy<DrainRegistrations> _drain;
    private readonly Lazy<RunningHosts> _running;
    private readonly Lazy<Signals> _signals;
    private readonly Lazy<HostStarts> _hostStarts;
    private readonly Lazy<ProgramWaits> _programWaits;
    private readonly Lazy<IMethodSymbol?> _entryPoint;
    private readonly Lazy<bool> _isForOnePlatform;
    private readonly Lazy<StopCallbacks> _stopCallbacks;
    private readonly Lazy<Handlers> _handlers;
    private readonly Lazy<MappedRoutes> _routes;
    private readonly Lazy<HealthChecks> _healthChecks;
    private readonly Lazy<HealthEndpoints> _healthEndpoints;
    private readonly Lazy<ShutdownState> _shutdownState;
    private readonly Lazy<ProbesElsewhere> _probesElsewhere;
    private readonly Lazy<HostedServices> _hostedServices;
    private readonly Lazy<ServiceStops> _serviceStops;
    private readonly Lazy<StopDelays> _stopDelays;
    private readonly Lazy<DrainCalls> _drainCalls;
    private readonly Lazy<LifetimeCalls> _lifetimeCalls;
    private readonly Lazy<ShutdownTimeouts> _shutdownTimeouts;
    private readonly Lazy<AfterRun> _afterRun;
    private readonly Lazy<Channels> _channels;
    private readonly Lazy<ServiceRegistrations> _services;
    private readonly Lazy<DeploymentModel> _deployment;

    private HostFacts(Compilation compilation, AnalyzerOptions options)
    {
        _optionsProvider = options.AnalyzerConfigOptionsProvider;
        Compilation = compilation;
        Options = new ShutdownOptions(_optionsProvider);
        foreach (var reference in compilation.ReferencedAssemblyNames)
            _references[reference.Name] = reference.Version;
        Types = new KnownTypes(compilation);
        Index = new SourceIndex(compilation);
        Resources = new ResourceTypes(this);
        Ownership = new Ownership(this);
        IsExecutable = compilation.Options.OutputKind is OutputKind.ConsoleApplication or OutputKind.WindowsApplication;
        IsTestProject = FindsTestProject();
        _builds = new(() => new HostBuilds(this));
        _drain = new(() => new DrainRegistrations(this));
        _running = new(() => new RunningHosts(this));
        _signals = new(() => new Signals(this));
        _hostStarts = new(() => new HostStarts(this));
        _programWaits = new(() => new ProgramWaits(this));
        _entryPoint = new(() => compilation.GetEntryPoint(CancellationToken.None));
        _isForOnePlatform = new(FindPlatform);
        _stopCallbacks = new(() => new StopCallbacks(this));
        _handlers = new(() => new Handlers(this));
        RunSites = new RunSites(this);
        _routes = new(() => new MappedRoutes(this));
        _healthChecks = new(() => new HealthChecks(this));
        _healthEndpoints = new(() => new HealthEndpoints(this));
        _shutdownState = new(() => new ShutdownState(this));
        _probesElsewhere = new(() => new ProbesElsewhere(this));
        _hostedServices = new(() => new HostedServices(this));
        _serviceStops = new(() => new ServiceStops(this));
        _stopDelays = new(() => new StopDelays(this));
        _drainCalls = new(() => new DrainCalls(this));
        _lifetimeCalls = new(() => new LifetimeCalls(this));
        _shutdownTimeouts = new(() => new ShutdownTimeouts(this));
        _afterRun = new(() => new AfterRun(this));
        _channels = new(() => new Channels(this));
        _services = new(() => new ServiceRegistrations(this));
        _deployment = new(() => new DeploymentModel(this, new DeploymentFiles(options.AdditionalFiles, _optionsProvider)));
        Tokens = new StoppingTokens(this);
        Streams = new RequestStreams(this);
    }

    public Compilation Compilation { get; }

    public ShutdownOptions Options { get; }

    public KnownTypes Types { get; }

    public SourceIndex Index { get; }

    /// <summary>The types of pools, buffered clients and processors.</summary>
    public ResourceTypes Resources { get; }

    /// <summary>Who closes a resource.</summary>
    public Ownership Ownership { get; }

    /// <summary>Which cancellation tokens can fire at the stop.</summary>
    public StoppingTokens Tokens { get; }

    /// <summary>Which code of handlers goes on until the client leaves.</summary>
    public RequestStreams Streams { get; }

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

    /// <summary>The hosts that the entry point starts by hand.</summary>
    public HostStarts HostStarts => _hostStarts.Value;

    /// <summary>Where the entry point waits for ever.</summary>
    public ProgramWaits ProgramWaits => _programWaits.Value;

    /// <summary>What runs because the process or the host stops.</summary>
    public StopCallbacks StopCallbacks => _stopCallbacks.Value;

    /// <summary>What runs for requests.</summary>
    public Handlers Handlers => _handlers.Value;

    /// <summary>Who runs a piece of code: a request, a hosted service or a stop callback.</summary>
    public RunSites RunSites { get; }

    /// <summary>The routes that a probe can ask.</summary>
    public MappedRoutes Routes => _routes.Value;

    /// <summary>The health checks that are registered.</summary>
    public HealthChecks HealthChecks => _healthChecks.Value;

    /// <summary>The routes that are probes, and what each answers while the program stops.</summary>
    public HealthEndpoints HealthEndpoints => _healthEndpoints.Value;

    /// <summary>Health endpoints that may be mapped out of sight.</summary>
    public ProbesElsewhere ProbesElsewhere => _probesElsewhere.Value;

    /// <summary>What code can know the stop by.</summary>
    public ShutdownState ShutdownState => _shutdownState.Value;

    /// <summary>The hosted services, and the code that they run.</summary>
    public HostedServices HostedServices => _hostedServices.Value;

    /// <summary>How the hosted services are stopped.</summary>
    public ServiceStops ServiceStops => _serviceStops.Value;

    /// <summary>Delays that are paid from the shutdown timeout.</summary>
    public StopDelays StopDelays => _stopDelays.Value;

    /// <summary>Where the runtime library's drain is registered.</summary>
    public DrainCalls DrainCalls => _drainCalls.Value;

    /// <summary>Where host lifetimes are registered.</summary>
    public LifetimeCalls LifetimeCalls => _lifetimeCalls.Value;

    /// <summary>What the shutdown timeout is set to.</summary>
    public ShutdownTimeouts ShutdownTimeouts => _shutdownTimeouts.Value;

    /// <summary>What the program does when its host has run.</summary>
    public AfterRun AfterRun => _afterRun.Value;

    /// <summary>What the container is told to create.</summary>
    public ServiceRegistrations Services => _services.Value;

    /// <summary>Which channels are completed.</summary>
    public Channels Channels => _channels.Value;

    /// <summary>The deployment files that run this project.</summary>
    public DeploymentModel Deployment => _deployment.Value;

    /// <summary>The facts of a compilation; every rule of one run gets the same object.</summary>
    public static HostFacts Of(Compilation compilation, AnalyzerOptions options)
    {
        var facts = Known.GetValue(compilation, key => new HostFacts(key, options));

        // One compilation analysed under two sets of options: only a test host does this.
        return ReferenceEquals(facts._optionsProvider, options.AnalyzerConfigOptionsProvider) ? facts : new HostFacts(compilation, options);
    }

    /// <summary>Whether the code of <paramref name="symbol"/> can be read here. A referenced project's has syntax too, in an IDE, but of another compilation.</summary>
    public bool IsInSource(ISymbol symbol) =>
        !symbol.DeclaringSyntaxReferences.IsEmpty && Compilation.ContainsSyntaxTree(symbol.DeclaringSyntaxReferences[0].SyntaxTree);

    // By the names of references as far as they tell: the first type that is looked up makes the compiler collect the declarations of every file,
    // and on code without a host that is half of what all rules cost.
    public bool Passes(Gate gate) =>
        !IsTestProject
        && (!gate.HasFlag(Gate.Executable) || IsExecutable)
        && (!gate.HasFlag(Gate.Hosting) || (_references.ContainsKey(HostingAssembly) && Types.Has(KnownType.IHostedService)))
        && (!gate.HasFlag(Gate.WebHosting) || (_references.ContainsKey(WebHostingAssembly) && Types.Has(KnownType.IWebHostBuilder)))
        && (!gate.HasFlag(Gate.Signals) || HasSignals)
        && (!gate.HasFlag(Gate.Resources) || Resources.Any)
        && (!gate.HasFlag(Gate.Container) || _references.ContainsKey(ContainerAssembly));

    // PosixSignalRegistration came with .NET 6, and no package has it.
    private bool HasSignals => _references.TryGetValue("System.Runtime", out var version) && version.Major >= 6;

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
        var property = Options.BuildProperty("IsTestProject");
        if (string.Equals(property, "true", StringComparison.OrdinalIgnoreCase))
            return true;

        if (Array.Exists(TestFrameworks, _references.ContainsKey))
            return true;

        return !string.Equals(property, "false", StringComparison.OrdinalIgnoreCase) && IsNamedForTests(Options.BuildProperty("MSBuildProjectName"));
    }

    /// <summary>An application that tests start references no test framework: <c>Shop.IntegrationTest.App</c>.</summary>
    private static bool IsNamedForTests(string? project)
    {
        var segments = project?.Split('.') ?? [];
        return segments.Length > 1 && Array.Exists(segments, segment => segment.EndsWith("Test", StringComparison.Ordinal) || segment.EndsWith("Tests", StringComparison.Ordinal));
    }
}
