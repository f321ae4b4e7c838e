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
    private static readonly string[] PathWords = ["health", "ready", "readiness", "live", "hc"];

    private readonly HostFacts _host;
    private readonly Lazy<bool> _isAppHandedOver;
    private readonly Lazy<bool> _namesPath;

    public ProbesElsewhere(HostFacts host)
    {
        _host = host;
        _isAppHandedOver = new(HandsAppOver);
        _namesPath = new(NamesPath);
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
            if (SourceIndex.UsesAny(tree, IndexedNames.Apps) ? AnyCallMayMap(tree) : AnyTellingCallMayMap(tree))
                return true;
        }

        return false;
    }

    private bool AnyCallMayMap(SyntaxTree tree)
    {
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            if (node is InvocationExpressionSyntax call && MayMap(call))
                return true;
        }

        return false;
    }

    private bool AnyTellingCallMayMap(SyntaxTree tree)
    {
        var text = tree.GetText().ToString();
        foreach (var telling in TellingNames)
        {
            for (var at = text.IndexOf(telling, StringComparison.Ordinal); at >= 0; at = text.IndexOf(telling, at + telling.Length, StringComparison.Ordinal))
            {
                if (tree.GetRoot().FindToken(at).Parent is SimpleNameSyntax name && SourceIndex.InvocationOf(name) is { } call && MayMap(call))
                    return true;
            }
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
            foreach (var word in PathWords)
            {
                for (var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(word, at + word.Length, StringComparison.OrdinalIgnoreCase))
                {
                    // Most such words stand in identifiers: a path has a slash or a quote before it.
                    if (at == 0 || text[at - 1] is not ('/' or '"'))
                        continue;

                    var token = tree.GetRoot().FindToken(at);
                    if (token.IsKind(SyntaxKind.StringLiteralToken) && token.ValueText.TrimEnd('/') is ['/', ..] path && HealthEndpoints.IsHealthPath(path.Trim('/')))
                        return true;
                }
            }
        }

        return false;
    }
}
