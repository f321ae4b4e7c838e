using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// Whether health endpoints may be mapped where this compilation can't see it: in a referenced project that is given the app, by a package whose method's name
/// tells of it, or by something that is given a path like "/health" (a middleware, an endpoint class of another framework).
/// </summary>
internal sealed class ProbesElsewhere
{
    private static readonly string[] TellingNames = ["Health", "Probe", "Defaults", "DefaultEndpoints", "Endpoints", "Actuator"];

    private static readonly string[] PathWords = ["/health", "/ready", "/readiness", "/live", "/hc"];

    private readonly HostFacts _host;
    private readonly Lazy<bool> _isAppHandedOver;
    private readonly Lazy<bool> _namesPath;
    private readonly Lazy<bool> _isAppAliased;

    public ProbesElsewhere(HostFacts host)
    {
        _host = host;
        _isAppHandedOver = new(HandsAppOver);
        _namesPath = new(NamesPath);
        _isAppAliased = new(IsAppAliased);
    }

    /// <summary>Whether a referenced project, or a package's method with a telling name, is given the app.</summary>
    public bool IsAppHandedOver => _isAppHandedOver.Value;

    /// <summary>Whether there is any sign of a health endpoint.</summary>
    public bool MayBeMapped => _namesPath.Value || _isAppHandedOver.Value;

    // Binding every call of a program costs as much as compiling it: of files that have no app in their hands only what has a telling name is bound.
    private bool HandsAppOver()
    {
        foreach (var tree in _host.Compilation.SyntaxTrees)
        {
            if (_isAppAliased.Value || NamesApp(tree) ? AnyCallMayMap(tree) : AnyTellingCallMayMap(tree))
                return true;
        }

        return false;
    }

    // A 'global using' gives the app's type another name in every file.
    private bool IsAppAliased()
    {
        foreach (var name in IndexedNames.Apps)
        {
            foreach (var use in _host.Index.Uses(name))
            {
                if (use.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { Alias: not null, GlobalKeyword.RawKind: (int)SyntaxKind.GlobalKeyword })
                    return true;
            }
        }

        return false;
    }

    // Many things are built, and options are configured; what builds an app takes nothing, and what configures one has no type argument.
    private static bool NamesApp(SyntaxTree tree)
    {
        foreach (var use in SourceIndex.UsesIn(tree, IndexedNames.Apps))
        {
            var isOther = use.Identifier.ValueText switch
            {
                "Build" => SourceIndex.InvocationOf(use) is not { ArgumentList.Arguments.Count: 0 },
                "Configure" => use is GenericNameSyntax,
                _ => false,
            };
            if (!isOther)
                return true;
        }

        return false;
    }

    private bool AnyCallMayMap(SyntaxTree tree)
    {
        if (!_isAppAliased.Value && AppCalls.In(tree) is { } calls)
        {
            foreach (var call in calls)
            {
                if (MayMap(call))
                    return true;
            }

            return AnyTellingCallMayMap(tree);
        }

        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            if (node is InvocationExpressionSyntax call && MayMap(call))
                return true;
        }

        return false;
    }

    private bool AnyTellingCallMayMap(SyntaxTree tree)
    {
        foreach (var call in SourceIndex.InvocationsWith(tree, TellingNames))
        {
            if (MayMap(call))
                return true;
        }

        return false;
    }

    private bool MayMap(InvocationExpressionSyntax syntax)
    {
        var name = SourceIndex.NameOf(syntax);
        if (name.Length == 0 || name is "AddHealthChecks" or "UseEndpoints" or "MapControllers" or "nameof")
            return false;

        var tells = Tells(name);
        if (_host.Index.Symbol(syntax) is not IMethodSymbol method)
        {
            // It doesn't bind: the package or the project isn't there. Actuators map themselves once they are added.
            return tells && name.Length > 4 && (name.StartsWith("Map", StringComparison.Ordinal) || name.StartsWith("Use", StringComparison.Ordinal) || name.Contains("Actuator"));
        }

        if (_host.IsInSource(method.ReducedFrom ?? method) || IsFramework(method.ContainingAssembly) || _host.Index.Operation(syntax) is not IInvocationOperation call)
            return false;

        // grpc's health service, mapped as any other.
        if (method is { Name: "MapGrpcService", TypeArguments: [{ Name: var service }] } && service.Contains("Health"))
            return true;

        if (name.Contains("Actuator"))
            return _host.Drain.TakesHost(call) || TakesApp(call);

        return TakesApp(call) && (tells || !ReferencedProjects.IsPackage(_host.Compilation, method.ContainingAssembly));
    }

    private static bool Tells(string name)
    {
        foreach (var telling in TellingNames)
        {
            if (name.IndexOf(telling, StringComparison.Ordinal) >= 0)
                return true;
        }

        return false;
    }

    private bool TakesApp(IInvocationOperation call)
    {
        if (IsApp(call.Instance?.Type))
            return true;

        foreach (var argument in call.Arguments)
        {
            if (IsApp(Values.WalkDown(argument.Value).Type))
                return true;
        }

        return false;
    }

    private bool IsApp(ITypeSymbol? type) =>
        _host.Types.Inherits(type, KnownType.IEndpointRouteBuilder) || _host.Types.Inherits(type, KnownType.IApplicationBuilder);

    private static bool IsFramework(IAssemblySymbol? assembly) =>
        assembly is null
        || assembly.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
        || assembly.Name.StartsWith("Microsoft.Extensions", StringComparison.Ordinal)
        || assembly.Name.StartsWith("System.", StringComparison.Ordinal)
        || assembly.Name.StartsWith(DrainRegistrations.RuntimeAssembly, StringComparison.Ordinal);

    /// <summary>A string like "/health" anywhere in the program.</summary>
    private bool NamesPath()
    {
        foreach (var tree in _host.Compilation.SyntaxTrees)
        {
            var text = tree.GetText().ToString();
            for (var at = text.IndexOf("\"/", StringComparison.Ordinal); at >= 0; at = text.IndexOf("\"/", at + 1, StringComparison.Ordinal))
            {
                var end = text.IndexOf('"', at + 1);
                if (end > at && IsHealthPath(text.Substring(at + 1, end - at - 1)) && tree.GetRoot().FindToken(at).IsKind(SyntaxKind.StringLiteralToken))
                    return true;
            }
        }

        return false;
    }

    private static bool IsHealthPath(string path)
    {
        foreach (var word in PathWords)
        {
            if (path.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0)
                return HealthEndpoints.IsHealthPath(path.Trim('/'));
        }

        return false;
    }
}
